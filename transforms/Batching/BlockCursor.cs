using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>Reads a block of rows ahead, has it computed, and replays it row by row.</summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly BlockInput[] _inputs;
    private readonly int _rowLength;
    private readonly IBlock _block;
    private readonly ColumnBuffer?[] _buffers;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly ValueGetter<VBuffer<float>>?[] _readInputs;
    private readonly VBuffer<float>[] _inputValues;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _row = -1;
    private int _rowCount;
    private long _position = -1;
    private long _rowsRead;
    private bool _sourceEnded;
    private bool _disposed;

    public BlockCursor(DataViewRowCursor source, ActiveColumns active, IBlockMapper mapper, BlockInput[] inputs)
    {
        (_source, _active, _inputs) = (source, active, inputs);
        _rowLength = inputs.Sum(input => input.Length);
        var size = mapper.BlockSize;
        _ids = new DataViewRowId[size];
        _batches = new long[size];
        _buffers = new ColumnBuffer?[active.SourceCount];
        _inputValues = new VBuffer<float>[inputs.Length];
        try
        {
            _readId = source.GetIdGetter();
            foreach (var column in source.Schema)
            {
                if (active[column.Index])
                    _buffers[column.Index] = ColumnBuffer.Create(source, column, size);
            }
            // A column that is both input and pass-through is asked for once per row: its getter may decode an image.
            _readInputs = [.. inputs.Select(input => active[input.Column.Index] ? null : source.GetGetter<VBuffer<float>>(input.Column))];
            _block = mapper.CreateBlock(_rowLength, size);
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
        var row = _block.Input.Slice(slot * _rowLength, _rowLength);
        for (var i = 0; i < _inputs.Length; i++)
        {
            var input = _inputs[i];
            _readInputs[i]?.Invoke(ref _inputValues[i]);
            ref readonly var value = ref _readInputs[i] is null ? ref ((VectorBuffer<float>)_buffers[input.Column.Index]!)[slot] : ref _inputValues[i];
            input.Copy(value, row[..input.Length], _rowsRead);
            row = row[input.Length..];
        }
        _rowsRead++;
    }

    private int CurrentRow() =>
        _row >= 0 ? _row : throw new InvalidOperationException("The cursor is on no row: call MoveNext first, and stop when it returns false.");
}
