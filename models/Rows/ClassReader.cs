using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>Reads the class of a row from a label column, by the names of the classes: text, or a key with key values.</summary>
static class ClassReader
{
    /// <summary>A reader of the class of the row that a cursor stands on; an <see cref="UnfitRowException"/> of it says what is
    /// wrong.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">Its label column.</param>
    /// <param name="labels">The names of the classes, in the order of their indexes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is neither text nor a key with key values.</exception>
    public static Func<int> Of(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> labels)
    {
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < labels.Count; index++)
            indexes.TryAdd(labels[index], index);
        var classes = indexes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (column.Type is TextDataViewType)
        {
            var getText = row.GetGetter<ReadOnlyMemory<char>>(column);
            var text = default(ReadOnlyMemory<char>);
            return () =>
            {
                getText(ref text);
                return classes.TryGetValue(text.Span, out var index) ? index : throw Unknown(text.ToString());
            };
        }

        if (KeyColumn.LabelsOf(column) is not { } names)
            throw Schema.Mismatch(
                "label",
                column.Name,
                "text, or a key with KeyValues",
                column.Type.ToString()!,
                Schema.KeyRemedy(column.Name)
            );
        // Key values that are the classes themselves need no names, of which two may be alike.
        int[] classOfKey = names.SequenceEqual(labels)
            ? [.. Enumerable.Range(0, names.Count)]
            : [.. names.Select(name => indexes.GetValueOrDefault(name, -1))];
        var getKey = KeyColumn.GetClassReader(row, column);
        return () =>
        {
            var key = getKey();
            if (key < 0 || key >= classOfKey.Length)
                throw new UnfitRowException(
                    $"has no label: its value in '{column.Name}' is missing or not among the key values. Filter such rows, or map them."
                );
            return classOfKey[key] >= 0 ? classOfKey[key] : throw Unknown(names[key]);
        };

        UnfitRowException Unknown(string name) =>
            new(
                name.Length == 0
                    ? $"has no label: its value in '{column.Name}' is empty. Filter such rows, or name their class."
                    : $"has in '{column.Name}' the label \"{name}\"; the classifier knows {string.Join(", ", labels)}."
            );
    }
}
