using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>
/// The rows of a view, read once. A row of whole numbers from 0 to 255 takes one byte per value, any other row four, so that decoded images
/// stay a quarter of their size as floats. Safe for concurrent readers.
/// </summary>
sealed class LabelledPixels : IDisposable
{
    readonly RowBytes _bytes;
    readonly List<Row> _rows;

    LabelledPixels(RowBytes bytes, List<Row> rows, int rowLength) => (_bytes, _rows, RowLength) = (bytes, rows, rowLength);

    public int Count => _rows.Count;

    public int RowLength { get; }

    /// <summary>Where the rows lie.</summary>
    public RowBytes Bytes => _bytes;

    /// <param name="view">The rows.</param>
    /// <param name="role">"training" or "validation", for messages.</param>
    /// <param name="pixelColumnName">The pixel column.</param>
    /// <param name="dimensions">Channels, height and width that the network expects.</param>
    /// <param name="label">The label column of the training rows; those of a validation view must have the same names in the same
    /// order.</param>
    /// <param name="memoryLimit">The most bytes of rows in memory; the rest lies in a temporary file.</param>
    /// <param name="folder">Where that file is made; null for the system's folder for such files.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A row has no label, or a value that is no finite number.</exception>
    /// <exception cref="IOException">The temporary file finds no room.</exception>
    public static LabelledPixels Read(
        IDataView view,
        string role,
        string pixelColumnName,
        int[] dimensions,
        KeyColumn label,
        long memoryLimit = long.MaxValue,
        string? folder = null,
        CancellationToken cancellation = default
    )
    {
        var pixelColumn = FindPixels(view.Schema, pixelColumnName, dimensions);
        if (!KeyColumn.Find(view.Schema, label.Name).Labels.SequenceEqual(label.Labels))
            throw new ArgumentException(
                $"The {role} view's column '{label.Name}' has other key values than the training view's; transform both with the same fitted MapValueToKey."
            );
        var labelColumn = view.Schema[label.Name];

        var rowLength = dimensions.Aggregate((product, size) => product * size);
        // A byte a value: which rows take four is known when they are read.
        var bytes = new RowBytes(memoryLimit, folder) { LeastLength = rowLength * (view.GetRowCount() ?? 0) };
        try
        {
            var rows = new OrderedRows<Row>(ReaderOf, cancellation).Read(view, role, pixelColumn, labelColumn);
            bytes.Complete();
            return new LabelledPixels(bytes, rows, rowLength);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        Func<Row> ReaderOf(DataViewRowCursor cursor)
        {
            var getId = cursor.GetIdGetter();
            var getPixels = cursor.GetGetter<VBuffer<float>>(pixelColumn);
            var getClass = KeyColumn.GetClassReader(cursor, labelColumn);
            VBuffer<float> pixels = default;
            DataViewRowId id = default;
            var (dense, whole) = (new float[rowLength], new byte[rowLength]);
            return () =>
            {
                getPixels(ref pixels);
                pixels.CopyTo(dense);
                getId(ref id);
                var labelClass = getClass();
                if (labelClass < 0)
                    throw new UnfitRowException(
                        $"has no label: its value in '{label.Name}' is missing or not among the key values. Filter such rows, or map them."
                    );
                var compact = Compact(dense, whole);
                if (compact.IsEmpty)
                    throw new UnfitRowException($"holds a value in '{pixelColumnName}' that is not a finite number; filter or repair it.");
                return new Row(bytes.Add(compact), id, labelClass);
            };
        }
    }

    /// <summary>How many rows each class has.</summary>
    public IReadOnlyList<int> CountClasses(int classCount)
    {
        var counts = new int[classCount];
        foreach (var row in _rows)
            counts[row.Class]++;
        return counts;
    }

    /// <summary>Copies rows, in the order given, into a batch.</summary>
    public void Gather(ReadOnlySpan<int> rows, Span<float> pixels, Span<long> classes, Span<DataViewRowId> ids)
    {
        for (var index = 0; index < rows.Length; index++)
        {
            var row = _rows[rows[index]];
            CopyTo(row, pixels.Slice(index * RowLength, RowLength));
            (classes[index], ids[index]) = (row.Class, row.Id);
        }
    }

    /// <summary>The mean and the standard deviation of each value over the rows.</summary>
    public (double[] Means, double[] Deviations) ComputeMoments()
    {
        var (means, squares) = (new double[RowLength], new double[RowLength]);
        var values = new float[RowLength];
        for (var row = 0; row < Count; row++)
        {
            CopyTo(_rows[row], values);
            for (var value = 0; value < RowLength; value++)
            {
                // Welford's recurrence: the squares of large values would cancel.
                var distance = values[value] - means[value];
                means[value] += distance / (row + 1);
                squares[value] += distance * (values[value] - means[value]);
            }
        }
        return (means, Array.ConvertAll(squares, square => Math.Sqrt(square / Count)));
    }

    /// <summary>A hash of all values, labels and ids: what a resumed training must find again.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in _rows)
            hash.AppendData(_bytes.Read(row.Place));
        hash.AppendData(MemoryMarshal.AsBytes<int>(_rows.Select(row => row.Class).ToArray()));
        hash.AppendData(MemoryMarshal.AsBytes<DataViewRowId>(_rows.Select(row => row.Id).ToArray()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _bytes.Dispose();

    public static DataViewSchema.Column FindPixels(DataViewSchema schema, string name, int[] dimensions)
    {
        var vector = FindVector(schema, name);
        var expected = dimensions.Aggregate((product, size) => product * size);
        var sameShape = vector.Dimensions.Length == 1 || dimensions.Length == 1 || ImageColumn.Fits(vector, dimensions);
        if (!sameShape && ImageColumn.InterleavedError(name, vector, dimensions) is { } interleaved)
            throw interleaved;
        if (vector.Size != expected || !sameShape)
            throw dimensions.Length == 1
                ? Schema.Mismatch(
                    "feature",
                    name,
                    $"{expected} values, as the network is set up",
                    string.Join(" x ", vector.Dimensions),
                    "set the network's FeatureCount, or leave it 0"
                )
                : Schema.Mismatch(
                    "feature",
                    name,
                    $"{string.Join(" x ", dimensions)} values (channels, height, width), as the network is set up",
                    string.Join(" x ", vector.Dimensions),
                    "set the network's ImageSize and Channels, or resize the images"
                );
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

    void CopyTo(Row row, Span<float> target)
    {
        var source = _bytes.Read(row.Place);
        if (source.Length == target.Length)
            for (var value = 0; value < target.Length; value++)
                target[value] = source[value];
        else
            source.CopyTo(MemoryMarshal.AsBytes(target));
    }

    /// <summary>
    /// The row's bytes: those given, filled with one for each value, where that is enough; those of the values; or none, if a value is not
    /// finite.
    /// </summary>
    static ReadOnlySpan<byte> Compact(float[] values, byte[] bytes)
    {
        for (var index = 0; index < values.Length; index++)
        {
            bytes[index] = (byte)Math.Clamp(values[index], 0f, 255f);
            if (bytes[index] != values[index])
                return Array.TrueForAll(values, float.IsFinite) ? MemoryMarshal.AsBytes(values) : [];
        }
        return bytes;
    }

    readonly record struct Row(RowPlace Place, DataViewRowId Id, int Class);
}
