using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>A column that feeds a block, and how its rows are read.</summary>
/// <param name="Column">A column of known-size <c>Vector&lt;Single&gt;</c>, or of a type that the mapper reads itself.</param>
/// <param name="Length">Values per row; 0 if the type does not say.</param>
/// <param name="ReadByBlock">Whether the block reads the column itself.</param>
readonly record struct BlockInput(DataViewSchema.Column Column, int Length, bool ReadByBlock = false)
{
    /// <summary>All columns that the mapper gathers.</summary>
    public static BlockInput[] FindAll(DataViewSchema schema, IBlockMapper mapper) =>
        [.. mapper.InputColumnNames.Select(name => Find(schema, name, mapper.ReadsColumn))];

    public static BlockInput Find(DataViewSchema schema, string name, Func<DataViewType, bool>? readsColumn = null)
    {
        var column =
            schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find input column '{name}'. {Described(schema)}");
        var length = column.Type is VectorDataViewType { IsKnownSize: true } vector ? vector.Size : 0;
        if (readsColumn?.Invoke(column.Type) is true)
            return new(column, length, ReadByBlock: true);
        return length > 0 && ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Single
            ? new(column, length)
            : throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for input column '{name}': expected known-size Vector<Single>, got "
                    + $"{column.Type}.{VectorRemedy.For(column.Type)}"
            );
    }

    /// <summary>The delegate that reads the current values of all inputs into a row of the block, one after the other.</summary>
    /// <param name="inputs">The columns.</param>
    /// <param name="rowOf">The row to read a column from.</param>
    /// <param name="block">The block to read into.</param>
    public static Action<int> CreateReader(BlockInput[] inputs, Func<BlockInput, DataViewRow> rowOf, IBlock block)
    {
        var readers = new Action<int>[inputs.Length];
        var (offset, rowLength) = (0, inputs.Sum(input => input.Length));
        for (var index = 0; index < inputs.Length; index++)
        {
            readers[index] = inputs[index].CreateReader(rowOf(inputs[index]), block, offset, rowLength);
            offset += inputs[index].Length;
        }
        return slot =>
        {
            foreach (var read in readers)
                read(slot);
        };
    }

    Action<int> CreateReader(DataViewRow row, IBlock block, int offset, int rowLength)
    {
        if (ReadByBlock)
            return block.CreateReader(row, Column);
        var (input, value) = (this, default(VBuffer<float>));
        var getter = row.GetGetter<VBuffer<float>>(Column);
        return slot =>
        {
            getter(ref value);
            input.Copy(value, block.Input.Slice(slot * rowLength + offset, input.Length), row.Position);
        };
    }

    /// <summary>Copies one value, sparse or dense, into <paramref name="row"/>.</summary>
    public void Copy(in VBuffer<float> value, Span<float> row, long position)
    {
        if (value.Length != Length)
        {
            throw new InvalidOperationException(
                $"Column '{Column.Name}' has {value.Length} values in row {position}, but its type promises {Length}."
            );
        }
        value.CopyTo(row);
    }

    static string Described(DataViewSchema schema) =>
        "The view has " + string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'")) + ".";
}
