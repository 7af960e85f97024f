using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Columns;

/// <summary>Noise across rows: each block of the view, in its own order, is a batch.</summary>
internal sealed class NoiseBlockMapper(NoiseColumn column, int blockSize) : IBlockMapper
{
    public string InputColumnName => column.Input.Name;

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => true;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; } = [column.Output];

    public IBlock CreateBlock(int inputLength, int blockSize) => new NoiseBlock(column, inputLength, blockSize);

    private sealed class NoiseBlock(NoiseColumn column, int length, int size) : IBlock
    {
        private readonly float[] _rows = new float[size * length];

        public Span<float> Input => _rows;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            for (var row = 0; row < rowCount; row++)
                FiniteValues.Require(_rows.AsSpan(row * length, length), column.Input.Name, ids[row]);
            column.Kernel.Apply(_rows, rowCount, column.Seed, ids);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, length);
                _rows.AsSpan(rowInBlock() * length, length).CopyTo(editor.Values);
                value = editor.Commit();
            };
            return getter as ValueGetter<T>
                ?? throw new InvalidOperationException($"Column '{column.Output.Name}' is read as {typeof(VBuffer<float>)}, not as {typeof(T)}.");
        }

        public void Dispose() { }
    }
}
