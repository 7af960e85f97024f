using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>Rows with their labels in memory, so that they can be put into batches in any order.</summary>
public sealed class LabelledRows
{
    /// <param name="values">All rows, one behind the other; <paramref name="length"/> values each.</param>
    /// <param name="labels">The class index of each row.</param>
    /// <param name="length">Values of one row.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or there is no row.</exception>
    public LabelledRows(float[] values, int[] labels, int length)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (labels.Length == 0)
            throw new ArgumentException("There is no row to evaluate.", nameof(labels));
        if (values.LongLength != (long)labels.Length * length)
            throw new ArgumentException(
                $"{labels.Length} rows of {length} values need {(long)labels.Length * length} values, not {values.LongLength}.",
                nameof(values)
            );
        (Values, Labels, Length) = (values, labels, length);
    }

    /// <summary>All rows, one behind the other.</summary>
    public float[] Values { get; }

    /// <summary>The class index of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>Values of one row.</summary>
    public int Length { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Length, Length);

    /// <summary>Some of the rows, copied.</summary>
    public LabelledRows Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = new float[rows.Count * Length];
        for (var i = 0; i < rows.Count; i++)
            this[rows[i]].CopyTo(values.AsSpan(i * Length));
        return new LabelledRows(values, [.. rows.Select(row => Labels[row])], Length);
    }

    /// <summary>Reads a view whole.</summary>
    /// <param name="data">The view.</param>
    /// <param name="pixelColumn">A vector of floats of known size.</param>
    /// <param name="labelColumn">Class names as text, or keys that carry them.</param>
    /// <param name="labels">Class names by class index, as the classifier knows them.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has a label that the classifier does not know, or none.</exception>
    public static LabelledRows Read(IDataView data, string pixelColumn, string labelColumn, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(labels);
        var pixels = Column(data, pixelColumn, nameof(pixelColumn));
        var label = Column(data, labelColumn, nameof(labelColumn));
        if (
            pixels.Type is not VectorDataViewType { IsKnownSize: true, Size: var length }
            || pixels.Type is VectorDataViewType { ItemType: var item } && item != NumberDataViewType.Single
        )
            throw new ArgumentException(
                $"Column '{pixelColumn}' is {pixels.Type}; a vector of Single of known size is needed.",
                nameof(pixelColumn)
            );

        var values = new float[Math.Min(data.GetRowCount() ?? 1024, Array.MaxLength / length) * length];
        var classes = new List<int>();
        using var cursor = data.GetRowCursor([pixels, label]);
        var getPixels = cursor.GetGetter<VBuffer<float>>(pixels);
        var getClass = ClassGetter(cursor, label, labels);
        var buffer = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            var start = (long)classes.Count * length;
            if (start + length > Array.MaxLength)
                throw new InvalidDataException(
                    $"More than {classes.Count} rows of {length} values are too many to hold at once; limit the rows."
                );
            if (start + length > values.Length)
                Array.Resize(ref values, (int)Math.Min(2 * (start + length), Array.MaxLength));
            getPixels(ref buffer);
            buffer.CopyTo(values.AsSpan((int)start, length));
            classes.Add(getClass());
        }
        Array.Resize(ref values, classes.Count * length);
        return new LabelledRows(values, [.. classes], length);
    }

    static DataViewSchema.Column Column(IDataView data, string name, string parameter) =>
        data.Schema.GetColumnOrNull(name)
        ?? throw new ArgumentException(
            $"There is no column '{name}'; the data has {string.Join(", ", data.Schema.Select(column => column.Name).Distinct())}.",
            parameter
        );

    static Func<int> ClassGetter(DataViewRowCursor cursor, DataViewSchema.Column column, IReadOnlyList<string> labels)
    {
        var classes = labels
            .Select((name, index) => (name, index))
            .ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        if (column.Type is TextDataViewType)
        {
            var getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            var text = default(ReadOnlyMemory<char>);
            return () =>
            {
                getText(ref text);
                return classes.TryGetValue(text.Span, out var index) ? index : throw Unknown(text.ToString());
            };
        }
        if (column.Type is KeyDataViewType && column.Type.RawType == typeof(uint) && column.HasKeyValues())
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            column.GetKeyValues(ref names);
            // Keys count from 1; 0 is a missing one.
            int[] indexOfKey = [-1, .. names.DenseValues().Select(name => classes.TryGetValue(name.Span, out var index) ? index : -1)];
            var getKey = cursor.GetGetter<uint>(column);
            var key = 0u;
            return () =>
            {
                getKey(ref key);
                return key < indexOfKey.Length && indexOfKey[key] >= 0
                    ? indexOfKey[key]
                    : throw Unknown(key == 0 ? "" : names.GetItemOrDefault((int)key - 1).ToString());
            };
        }
        throw new ArgumentException($"Column '{column.Name}' is {column.Type}; text, or a key with its values, is needed.", nameof(column));

        InvalidDataException Unknown(string name) =>
            new(
                $"Column '{column.Name}' has {(name.Length == 0 ? "a missing label" : $"the label \"{name}\"")}; the classifier knows {string.Join(", ", labels)}."
            );
    }
}
