using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>A column of known-size <c>Vector&lt;Single&gt;</c> and how its rows are copied into a block.</summary>
internal readonly record struct BlockInput(DataViewSchema.Column Column, int Length)
{
    public static BlockInput Find(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find input column '{name}'. {Described(schema)}");
        return column.Type is VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType item } vector
                && item == NumberDataViewType.Single
            ? new(column, vector.Size)
            : throw new ArgumentOutOfRangeException(nameof(schema),
                $"Schema mismatch for input column '{name}': expected known-size Vector<Single>, got {column.Type}.");
    }

    /// <summary>Copies one value, sparse or dense, into <paramref name="row"/>.</summary>
    public void Copy(in VBuffer<float> value, Span<float> row, long position)
    {
        if (value.Length != Length)
        {
            throw new InvalidOperationException(
                $"Column '{Column.Name}' has {value.Length} values in row {position}, but its type promises {Length}.");
        }
        value.CopyTo(row);
    }

    private static string Described(DataViewSchema schema) =>
        "The view has " + string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'")) + ".";
}
