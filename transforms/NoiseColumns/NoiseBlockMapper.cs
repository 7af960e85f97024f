using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>Noise across rows: each block of consecutive rows of the view is a batch.</summary>
/// <remarks>
/// Mixing rows treats all their elements alike. So the adjacent columns of a gathered row are mixed at once, in place.
/// </remarks>
sealed class NoiseBlockMapper(NoiseColumn[] columns, int blockSize) : IBlockMapper
{
    readonly int[] _lengths = [.. columns.Select(column => ((VectorDataViewType)column.Input.Type).Size)];

    public string InputColumnName => columns[0].Input.Name;

    public IReadOnlyList<string> InputColumnNames { get; } = [.. columns.Select(column => column.Input.Name)];

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => true;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; } = [.. columns.Select(column => column.Output)];

    public IBlock CreateBlock(int inputLength, int blockSize) => new Block(columns, _lengths, inputLength, blockSize);

    sealed class Block(NoiseColumn[] columns, int[] lengths, int rowLength, int size) : IBlock
    {
        readonly NoiseKernel _kernel = NoiseKernel.Create(columns[0].Noise, [rowLength]);
        readonly int[] _offsets = [.. lengths.Select((_, column) => lengths.Take(column).Sum())];
        readonly float[] _rows = new float[size * rowLength];

        public Span<float> Input => _rows;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            for (var row = 0; row < rowCount; row++)
            {
                for (var column = 0; column < columns.Length; column++)
                    FiniteValues.Require(Values(column, row), columns[column].Input.Name, ids[row]);
            }
            _kernel.Apply(_rows, rowCount, columns[0].Seed, ids);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, lengths[outputIndex]);
                Values(outputIndex, rowInBlock()).CopyTo(editor.Values);
                value = editor.Commit();
            };
            return getter as ValueGetter<T>
                ?? throw new InvalidOperationException(
                    $"Column '{columns[outputIndex].Output.Name}' is read as {typeof(VBuffer<float>)}, not as {typeof(T)}."
                );
        }

        public void Dispose() { }

        Span<float> Values(int column, int row) => _rows.AsSpan(row * rowLength + _offsets[column], lengths[column]);
    }
}
