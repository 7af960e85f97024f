using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>Labelled rows in the form that a model takes, held in memory.</summary>
/// <param name="Values">For each row, the bytes of the model's input.</param>
/// <param name="Classes">For each row, the index of its score.</param>
/// <param name="Notes">What was assumed, one sentence each.</param>
sealed record AuditRows(IReadOnlyList<byte[]> Values, IReadOnlyList<int> Classes, IReadOnlyList<string> Notes)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">The labels are not those of the model, or there are too few rows.</exception>
    public static AuditRows Read(
        IDataView view,
        string labelColumnName,
        OnnxBlockMapper mapper,
        AuditOptions options,
        CancellationToken cancellation
    )
    {
        var label =
            view.Schema.GetColumnOrNull(labelColumnName)
            ?? throw new ArgumentOutOfRangeException(nameof(labelColumnName), $"Could not find label column '{labelColumnName}'.");
        var column = view.Schema[mapper.InputColumnName];
        var chosen = Choose(Count(view), options);
        var (values, names) = (new List<byte[]>(), new List<string>());
        var buffer = new byte[mapper.Input.ByteLength];
        using var cursor = view.GetRowCursor([column, label]);
        var read = OnnxInputReader.Create(cursor, column, mapper.Input, buffer, mapper.Model, mapper.Pixels);
        var name = LabelText(cursor, label);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!chosen.Contains(cursor.Position))
                continue;
            read(0);
            values.Add([.. buffer]);
            names.Add(name());
        }
        var (classes, note) = Classify(names, mapper);
        return new(values, classes, note is null ? [] : [note]);
    }

    static (int[] Classes, string? Note) Classify(List<string> names, OnnxBlockMapper mapper)
    {
        var (labels, scores) = (mapper.Model.Labels, mapper.Output.Length);
        string[] present = [.. names.Distinct().Order(StringComparer.Ordinal)];
        if (present.Length < 2)
            throw new InvalidDataException("All rows have the same class. An audit needs rows of at least two classes.");
        string? note = null;
        if (labels.Count == 0)
        {
            if (present.Length != scores)
                throw new InvalidDataException(
                    $"'{mapper.Model.FileName}' carries no labels and has {scores} scores per row, but the rows have {present.Length} classes. "
                        + "Give rows of all its classes, or name the output of the scores."
                );
            (labels, note) = (
                present,
                $"the file carries no labels; its scores are taken for the classes in alphabetical order ({present[0]}, {present[1]}, ...)"
            );
        }
        var indexes = labels.Select((label, index) => (label, index)).ToDictionary(pair => pair.label, pair => pair.index);
        return (
            [
                .. names.Select(name =>
                    indexes.TryGetValue(name, out var index)
                        ? index
                        : throw new InvalidDataException(
                            $"The rows have the class '{name}', which '{mapper.Model.FileName}' does not know; it knows {string.Join(", ", labels)}."
                        )
                ),
            ],
            note
        );
    }

    static HashSet<long> Choose(long count, AuditOptions options)
    {
        if (count < 2)
            throw new InvalidDataException(
                $"There {(count == 1 ? "is 1 row" : "are no rows")}. An audit needs rows of at least two classes."
            );
        if (count <= options.RowCount)
            return [.. Enumerable.Range(0, checked((int)count)).Select(row => (long)row)];
        long[] rows = [.. Enumerable.Range(0, checked((int)count)).Select(row => (long)row)];
        new Random(options.Seed).Shuffle(rows);
        return [.. rows.Take(options.RowCount)];
    }

    static long Count(IDataView view)
    {
        if (view.GetRowCount() is { } known)
            return known;
        using var cursor = view.GetRowCursor([]);
        var count = 0L;
        while (cursor.MoveNext())
            count++;
        return count;
    }

    static Func<string> LabelText(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is TextDataViewType)
        {
            var (getText, text) = (row.GetGetter<ReadOnlyMemory<char>>(label), default(ReadOnlyMemory<char>));
            return () =>
            {
                getText(ref text);
                return text.ToString();
            };
        }
        if (label.Type is KeyDataViewType && label.Type.RawType == typeof(uint) && label.HasKeyValues())
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            label.GetKeyValues(ref names);
            string[] dense = [.. names.DenseValues().Select(name => name.ToString())];
            var (getKey, key) = (row.GetGetter<uint>(label), 0u);
            return () =>
            {
                getKey(ref key);
                return key > 0
                    ? dense[key - 1]
                    : throw new InvalidDataException($"Row {row.Position} has no label in column '{label.Name}'. Leave out such rows.");
            };
        }
        throw new ArgumentOutOfRangeException(
            nameof(label),
            $"Label column '{label.Name}' is {label.Type}, expected text, or keys with names (MapValueToKey)."
        );
    }
}
