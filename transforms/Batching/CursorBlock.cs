using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// One block of a cursor: its rows, their computation, and getters over them. The cursor's thread reads and replays. Any thread may
/// compute in between.
/// </summary>
sealed class CursorBlock : IDisposable
{
    readonly DataViewRowCursor _source;
    readonly ActiveColumns _active;
    readonly IBlock _block;
    readonly ColumnBuffer?[] _buffers;
    readonly ValueGetter<DataViewRowId> _readId;
    readonly Action<int> _readInput;
    readonly DataViewRowId[] _ids;
    readonly long[] _batches;
    readonly Func<int> _currentRow;
    int _slot;
    ExceptionDispatchInfo? _failure;

    public CursorBlock(DataViewRowCursor source, ActiveColumns active, IBlockMapper mapper, BlockInput[] inputs, Func<int> currentRow)
    {
        (_source, _active, _currentRow) = (source, active, currentRow);
        _ids = new DataViewRowId[mapper.BlockSize];
        _batches = new long[mapper.BlockSize];
        _buffers = new ColumnBuffer?[active.SourceCount];
        _readId = source.GetIdGetter();
        foreach (var column in source.Schema)
        {
            if (active[column.Index])
                _buffers[column.Index] = ColumnBuffer.Create(source, column, mapper.BlockSize);
        }
        _block = mapper.CreateBlock(inputs.Sum(input => input.Length), mapper.BlockSize);
        try
        {
            // A column that both feeds the block and passes through is read once, because its getter may decode an image.
            var buffered = new BufferedRow(source, _buffers, () => _slot);
            _readInput = BlockInput.CreateReader(inputs, input => active[input.Column.Index] ? buffered : source, _block);
        }
        catch
        {
            _block.Dispose();
            throw;
        }
    }

    /// <summary>Rows in the block.</summary>
    public int Count { get; private set; }

    /// <summary>Reset while the block waits for a worker or is computed.</summary>
    public ManualResetEventSlim Computed { get; } = new(initialState: true);

    public DataViewRowId Id(int row) => _ids[row];

    public long Batch(int row) => _batches[row];

    /// <summary>Fills the block. An exception is thrown when the failed row is replayed, as if nothing had been read ahead.</summary>
    /// <returns>Whether the source may have more rows.</returns>
    public bool Read()
    {
        (Count, _failure) = (0, null);
        try
        {
            for (; Count < _ids.Length; Count++)
            {
                if (!_source.MoveNext())
                    return false;
                ReadRow(Count);
            }
            return true;
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            return false;
        }
    }

    /// <summary>Computes the block's outputs, unless reading failed.</summary>
    public void Compute()
    {
        if (_failure is not null || Count == 0)
            return;
        try
        {
            _block.Compute(Count, _ids.AsSpan(0, Count));
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void ThrowIfFailed() => _failure?.Throw();

    public ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
    {
        var index = _active.Require(column);
        if (index >= _active.SourceCount)
            return _block.GetGetter<T>(index - _active.SourceCount, _currentRow);
        return _buffers[index]!.CreateGetter(_currentRow) as ValueGetter<T> ?? throw ForwardingRow.WrongType<T>(column);
    }

    public void Dispose()
    {
        Computed.Dispose();
        _block.Dispose();
        foreach (var buffer in _buffers)
            buffer?.Dispose();
    }

    void ReadRow(int slot)
    {
        _slot = slot;
        _readId(ref _ids[slot]);
        _batches[slot] = _source.Batch;
        foreach (var buffer in _buffers)
            buffer?.Read(slot);
        _readInput(slot);
    }
}
