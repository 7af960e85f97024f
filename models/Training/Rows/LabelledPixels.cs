using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Training;

/// <summary>
/// The rows of a view, read once. A row of whole numbers from 0 to 255 takes one byte per value, any other row four, so that decoded images
/// stay a quarter of their size as floats.
/// </summary>
sealed class LabelledPixels
{
    // Per row a byte[] or a float[].
    readonly List<Array> _rows = [];
    readonly List<int> _classes = [];
    readonly List<DataViewRowId> _ids = [];

    LabelledPixels(int rowLength) => RowLength = rowLength;

    public int Count => _rows.Count;

    public int RowLength { get; }

    /// <param name="view">The rows.</param>
    /// <param name="role">"training" or "validation", for messages.</param>
    /// <param name="pixelColumnName">The pixel column.</param>
    /// <param name="dimensions">Channels, height and width that the network expects.</param>
    /// <param name="label">The label column of the training rows; those of a validation view must have the same names in the same order.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static LabelledPixels Read(IDataView view, string role, string pixelColumnName, int[] dimensions, KeyColumn label, CancellationToken cancellation)
    {
        var pixelColumn = FindPixels(view.Schema, pixelColumnName, dimensions);
        if (!KeyColumn.Find(view.Schema, label.Name).Labels.SequenceEqual(label.Labels))
            throw new ArgumentException($"The {role} view's column '{label.Name}' has other key values than the training view's; transform both with the same fitted MapValueToKey.");
        var labelColumn = view.Schema[label.Name];

        var rows = new LabelledPixels(dimensions.Aggregate((product, size) => product * size));
        using var cursor = view.GetRowCursor([pixelColumn, labelColumn]);
        var getId = cursor.GetIdGetter();
        var getPixels = cursor.GetGetter<VBuffer<float>>(pixelColumn);
        var getClass = KeyColumn.GetClassReader(cursor, labelColumn);
        VBuffer<float> pixels = default;
        DataViewRowId id = default;
        var dense = new float[rows.RowLength];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getPixels(ref pixels);
            pixels.CopyTo(dense);
            getId(ref id);
            var labelClass = getClass();
            if (labelClass < 0)
                throw new InvalidDataException($"Row {cursor.Position} of the {role} view has no label: its value in '{label.Name}' is missing or not among the key values. Filter such rows, or map them.");
            rows._rows.Add(Compact(dense) ?? throw new InvalidDataException($"Row {cursor.Position} of the {role} view holds a value in '{pixelColumnName}' that is not a finite number; filter or repair it."));
            rows._classes.Add(labelClass);
            rows._ids.Add(id);
        }
        return rows;
    }

    /// <summary>How many rows each class has.</summary>
    public IReadOnlyList<int> CountClasses(int classCount)
    {
        var counts = new int[classCount];
        foreach (var label in _classes)
            counts[label]++;
        return counts;
    }

    /// <summary>Copies rows, in the order given, into a batch.</summary>
    public void Gather(ReadOnlySpan<int> rows, Span<float> pixels, Span<long> classes, Span<DataViewRowId> ids)
    {
        for (var index = 0; index < rows.Length; index++)
        {
            var target = pixels.Slice(index * RowLength, RowLength);
            switch (_rows[rows[index]])
            {
                case byte[] bytes:
                    for (var value = 0; value < target.Length; value++)
                        target[value] = bytes[value];
                    break;
                case float[] floats:
                    floats.CopyTo(target);
                    break;
            }
            classes[index] = _classes[rows[index]];
            ids[index] = _ids[rows[index]];
        }
    }

    /// <summary>The mean and the standard deviation of each value over the rows.</summary>
    public (double[] Means, double[] Deviations) ComputeMoments()
    {
        var (means, squares) = (new double[RowLength], new double[RowLength]);
        for (var row = 0; row < Count; row++)
            for (var value = 0; value < RowLength; value++)
            {
                // Welford's recurrence: the squares of large values would cancel.
                var current = _rows[row] is byte[] bytes ? bytes[value] : ((float[])_rows[row])[value];
                var distance = current - means[value];
                means[value] += distance / (row + 1);
                squares[value] += distance * (current - means[value]);
            }
        return (means, Array.ConvertAll(squares, square => Math.Sqrt(square / Count)));
    }

    /// <summary>A hash of all values, labels and ids: what a resumed training must find again.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in _rows)
            hash.AppendData(row is byte[] bytes ? bytes : MemoryMarshal.AsBytes((float[])row));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_classes)));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_ids)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static DataViewSchema.Column FindPixels(DataViewSchema schema, string name, int[] dimensions)
    {
        var vector = FindVector(schema, name);
        var expected = dimensions.Aggregate((product, size) => product * size);
        var sameShape = vector.Dimensions.Length == 1 || dimensions.Length == 1 || vector.Dimensions.SequenceEqual(dimensions);
        if (vector.Size != expected || !sameShape)
            throw dimensions.Length == 1
                ? Schema.Mismatch("feature", name, $"{expected} values, as the network is set up", string.Join(" x ", vector.Dimensions), "set the network's FeatureCount, or leave it 0")
                : Schema.Mismatch("feature", name, $"{string.Join(" x ", dimensions)} values (channels, height, width), as the network is set up",
                    string.Join(" x ", vector.Dimensions), "set the network's ImageSize and Channels, or resize the images");
        return schema[name];
    }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no vector of Single of known size.</exception>
    public static VectorDataViewType FindVector(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Schema.Missing(name, schema.Select(other => other.Name));
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? vector
            : throw Schema.Mismatch("feature", name, "a Vector<Single> of known size", column.Type.ToString()!, Schema.PixelRemedy);
    }

    static Array? Compact(float[] values)
    {
        var bytes = new byte[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            bytes[index] = (byte)Math.Clamp(values[index], 0f, 255f);
            if (bytes[index] != values[index])
                return Array.TrueForAll(values, float.IsFinite) ? values.ToArray() : null;
        }
        return bytes;
    }
}
