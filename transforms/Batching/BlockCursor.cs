using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>Reads a block of rows ahead, has it computed, and replays it row by row.</summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly BlockInput _input;
    private readonly IBlock _block;
    private readonly ColumnBuffer?[] _buffers;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly ValueGetter<VBuffer<float>>? _readInput;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private VBuffer<float> _inputValue;
    private int _row = -1;
    private int _rowCount;
    private long _position = -1;
    private long _rowsRead;
    private bool _sourceEnded;
    private bool _disposed;

    public BlockCursor(DataViewRowCursor source, ActiveColumns active, IBlockMapper mapper, BlockInput input)
    {
        (_source, _active, _input) = (source, active, input);
        var size = mapper.BlockSize;
        _ids = new DataViewRowId[size];
        _batches = new long[size];
        _buffers = new ColumnBuffer?[active.SourceCount];
        try
        {
            _readId = source.GetIdGetter();
            foreach (var column in source.Schema)
            {
                if (active[column.Index])
                    _buffers[column.Index] = ColumnBuffer.Create(source, column, size);
            }
            // A column that is both input and pass-through is asked for once per row: its getter may decode an image.
            if (!active[input.Column.Index])
                _readInput = source.GetGetter<VBuffer<float>>(input.Column);
            _block = mapper.CreateBlock(input.Length, size);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public override DataViewSchema Schema => _active.Schema;

    public override long Position => _position;

    public override long Batch => _row < 0 ? 0 : _batches[_row];

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Schema.Count && _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[CurrentRow()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var index = _active.Require(column);
        if (index >= _active.SourceCount)
            return _block.GetGetter<TValue>(index - _active.SourceCount, CurrentRow);
        return _buffers[index]!.CreateGetter(CurrentRow) as ValueGetter<TValue> ?? throw ForwardingRow.WrongType<TValue>(column);
    }

    public override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (_row + 1 >= _rowCount && !ReadBlock())
        {
            _row = -1;
            _position = -1;
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
            _block.Dispose();
            foreach (var buffer in _buffers)
                buffer?.Dispose();
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool ReadBlock()
    {
        _row = -1;
        _rowCount = 0;
        if (_sourceEnded)
            return false;
        var count = 0;
        while (count < _ids.Length && !(_sourceEnded = !_source.MoveNext()))
            ReadRow(count++);
        if (count == 0)
            return false;
        _block.Compute(count, _ids.AsSpan(0, count));
        _rowCount = count;
        return true;
    }

    private void ReadRow(int slot)
    {
        _readId(ref _ids[slot]);
        _batches[slot] = _source.Batch;
        foreach (var buffer in _buffers)
            buffer?.Read(slot);
        var row = _block.Input.Slice(slot * _input.Length, _input.Length);
        if (_readInput is not null)
        {
            _readInput(ref _inputValue);
            _input.Copy(_inputValue, row, _rowsRead);
        }
        else
        {
            _input.Copy(((VectorBuffer<float>)_buffers[_input.Column.Index]!)[slot], row, _rowsRead);
        }
        _rowsRead++;
    }

    private int CurrentRow() =>
        _row >= 0 ? _row : throw new InvalidOperationException("The cursor is on no row: call MoveNext first, and stop when it returns false.");
}
