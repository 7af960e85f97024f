using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Tests.Batching;

/// <summary>Appends the sum of the row's values, the number of rows in its block, and its id, and records what was asked of it.</summary>
sealed class SumMapper(int blockSize, bool dependsOnNeighbours = false, string input = "Values") : IBlockMapper
{
    public const int Sum = 0,
        RowsInBlock = 1,
        Id = 2;

    readonly List<int> _computed = [];

    public string InputColumnName => input;

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => dependsOnNeighbours;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; } =
    [new("Sum", NumberDataViewType.Single), new("RowsInBlock", NumberDataViewType.Int32), new("RowId", NumberDataViewType.UInt64)];

    public IReadOnlyList<int> Computed
    {
        get
        {
            lock (_computed)
                return [.. _computed];
        }
    }

    public int BlocksMade { get; private set; }

    public int BlocksDisposed { get; private set; }

    public IBlock CreateBlock(int inputLength, int blockSize)
    {
        BlocksMade++;
        return new Block(this, inputLength, blockSize);
    }

    sealed class Block(SumMapper mapper, int length, int size) : IBlock
    {
        readonly float[] _input = new float[length * size];
        readonly float[] _sums = new float[size];
        readonly ulong[] _ids = new ulong[size];
        int _rowCount;

        public Span<float> Input => _input;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            _rowCount = rowCount;
            for (var row = 0; row < rowCount; row++)
            {
                _ids[row] = ids[row].Low;
                _sums[row] = 0;
                foreach (var value in _input.AsSpan(row * length, length))
                    _sums[row] += value;
            }
            lock (mapper._computed)
                mapper._computed.Add(rowCount);
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock) =>
            (ValueGetter<T>)
                (Delegate)(
                    outputIndex switch
                    {
                        Sum => (ValueGetter<float>)((ref float value) => value = _sums[rowInBlock()]),
                        RowsInBlock => (ValueGetter<int>)((ref int value) => value = _rowCount),
                        _ => (ValueGetter<ulong>)((ref ulong value) => value = _ids[rowInBlock()]),
                    }
                );

        public void Dispose() => mapper.BlocksDisposed++;
    }
}
