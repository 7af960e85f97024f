using Microsoft.ML;

namespace NoisyNN.Transforms.Batching;

/// <summary>The columns of an extended schema that were requested, and the source's columns that they need.</summary>
/// <remarks>An extended schema has the source's columns at the same indices, followed by the appended ones.</remarks>
sealed class ActiveColumns
{
    readonly DataViewSchema _source;
    readonly bool[] _active;

    public ActiveColumns(DataViewSchema schema, DataViewSchema source, IEnumerable<DataViewSchema.Column> needed)
    {
        Schema = schema;
        _source = source;
        _active = new bool[schema.Count];
        foreach (var column in needed)
        {
            if (column.Index >= schema.Count || column.Name != schema[column.Index].Name)
                throw new ArgumentException(
                    $"Column '{column.Name}' at index {column.Index} is not a column of this view.",
                    nameof(needed)
                );
            _active[column.Index] = true;
        }
    }

    public DataViewSchema Schema { get; }

    public int SourceCount => _source.Count;

    public bool AnyAppended => _active.AsSpan(SourceCount).Contains(true);

    public bool this[int index] => _active[index];

    public bool IsAppendedActive(int outputIndex) => _active[SourceCount + outputIndex];

    /// <summary>The source's active columns, and those of <paramref name="also"/>.</summary>
    public IEnumerable<DataViewSchema.Column> OfSource(params IEnumerable<DataViewSchema.Column> also)
    {
        var indices = also.Select(column => column.Index).ToHashSet();
        return [.. _source.Where(column => _active[column.Index] || indices.Contains(column.Index))];
    }

    /// <exception cref="InvalidOperationException">The column was not requested when the cursor was created.</exception>
    public int Require(DataViewSchema.Column column)
    {
        if (column.Index >= _active.Length || column.Name != Schema[column.Index].Name)
            throw new ArgumentException($"Column '{column.Name}' at index {column.Index} is not a column of this view.", nameof(column));
        return _active[column.Index]
            ? column.Index
            : throw new InvalidOperationException(
                $"Column '{column.Name}' is not active: name it among the columns needed when the cursor is made."
            );
    }
}
