using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// Reads blocks of rows ahead, has them computed, and replays their rows in order. If the mapper computes in parallel, a ring of blocks
/// is in use. One block is replayed, the others are computed or wait. Only the caller's thread reads the source.
/// </summary>
sealed class BlockCursor : DataViewRowCursor
{
    readonly DataViewRowCursor _source;
    readonly ActiveColumns _active;
    readonly Func<CursorBlock> _createBlock;
    readonly CursorBlock?[] _ring;
    readonly int _parallelBlocks;
    readonly RepeatedPasses? _passes;

    // Blocks that are read but not begun, in order. A free worker takes the next one. The queue is also the lock of the number of
    // workers.
    readonly Queue<CursorBlock> _waiting = new();
    int _workers;
    long _blocksRead;
    long _blocksReplayed;
    CursorBlock? _current;
    int _currentIndex;
    int _row = -1;
    long _position = -1;
    bool _sourceEnded;
    bool _passCounted;
    volatile bool _disposed;

    public BlockCursor(DataViewRowCursor source, ActiveColumns active, IBlockMapper mapper, BlockInput[] inputs, RepeatedPasses? passes)
    {
        (_source, _active, _passes) = (source, active, passes);
        _parallelBlocks = mapper.ParallelBlocks;
        // Two more: one block is replayed and one waits, so that no worker is idle while rows are read.
        _ring = new CursorBlock?[mapper.ParallelBlocks == 0 ? 1 : mapper.ParallelBlocks + 2];
        _createBlock = () => new(source, active, mapper, inputs, CurrentRow);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(mapper.BlockSize, 1, nameof(mapper));
            _ring[0] = _createBlock();
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public override DataViewSchema Schema => _active.Schema;

    public override long Position => _position;

    public override long Batch => _row < 0 ? 0 : _current!.Batch(_row);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Schema.Count && _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _current!.Id(CurrentRow());

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var getters = new ValueGetter<TValue>?[_ring.Length];
        // The first getter is created now, so that a wrong type is an error now.
        getters[0] = _ring[0]!.GetGetter<TValue>(column);
        return getters.Length == 1
            ? getters[0]!
            : (ref TValue value) => (getters[_currentIndex] ??= _ring[_currentIndex]!.GetGetter<TValue>(column))(ref value);
    }

    public override bool MoveNext()
    {
        if (_disposed)
            return false;
        if ((_current is null || _row + 1 >= _current.Count) && !NextBlock())
        {
            _row = -1;
            _position = -1;
            CountPass();
            return false;
        }
        _row++;
        _position++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            // Blocks that have not begun then see that they are no longer needed.
            foreach (var block in _ring)
                block?.Computed.Wait();
            foreach (var block in _ring)
                block?.Dispose();
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    void CountPass()
    {
        if (!_passCounted)
            _passes?.Complete();
        _passCounted = true;
    }

    bool NextBlock()
    {
        (_row, _current) = (-1, null);
        while (!_sourceEnded && _blocksRead - _blocksReplayed < _ring.Length)
            ReadBlock((int)(_blocksRead++ % _ring.Length));
        if (_blocksReplayed == _blocksRead)
            return false;

        _currentIndex = (int)(_blocksReplayed++ % _ring.Length);
        var block = _ring[_currentIndex]!;
        block.Computed.Wait();
        try
        {
            block.ThrowIfFailed();
        }
        catch
        {
            // Rows that were read after the failure are not replayed.
            (_sourceEnded, _blocksReplayed) = (true, _blocksRead);
            throw;
        }
        _current = block;
        return block.Count > 0;
    }

    void ReadBlock(int index)
    {
        var block = _ring[index] ??= _createBlock();
        _sourceEnded = !block.Read();
        // A single block has nothing to overlap with.
        if (_parallelBlocks == 0 || (_sourceEnded && _blocksRead - _blocksReplayed == 1))
        {
            block.Compute();
            return;
        }
        block.Computed.Reset();
        lock (_waiting)
        {
            _waiting.Enqueue(block);
            if (_workers == _parallelBlocks)
                return;
            _workers++;
        }
        // The block rethrows a worker's exception.
        _ = Task.Run(Work);
    }

    /// <summary>Computes blocks as long as some are waiting.</summary>
    void Work()
    {
        while (true)
        {
            CursorBlock? block;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out block))
                {
                    _workers--;
                    return;
                }
            }
            if (!_disposed)
                block.Compute();
            block.Computed.Set();
        }
    }

    int CurrentRow() =>
        _row >= 0
            ? _row
            : throw new InvalidOperationException("The cursor is on no row: call MoveNext first, and stop when it returns false.");
}
