using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>Runs a block mapper row by row, in blocks of one, as <c>PredictionEngine</c> and <c>TransformerChain</c> need it.</summary>
public sealed class BlockRowMapper : IRowToRowMapper
{
    readonly IBlockMapper _mapper;
    readonly BlockInput[] _inputs;

    /// <param name="inputSchema">Schema of the rows to come.</param>
    /// <param name="mapper">The mapper that computes the new columns. Its results must not depend on neighbours.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column of the mapper is missing or of a type that it does not
    /// take.</exception>
    /// <exception cref="ArgumentException">The mapper's results depend on which rows share a block.</exception>
    public BlockRowMapper(DataViewSchema inputSchema, IBlockMapper mapper)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ArgumentNullException.ThrowIfNull(mapper);
        if (mapper.DependsOnNeighbours)
            throw new ArgumentException("A mapper whose rows depend on their neighbours has no meaning for single rows.", nameof(mapper));
        _mapper = mapper;
        _inputs = BlockInput.FindAll(inputSchema, mapper);
        InputSchema = inputSchema;
        OutputSchema = Batching.OutputSchema.Append(inputSchema, mapper.OutputColumns);
    }

    /// <inheritdoc/>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public DataViewSchema OutputSchema { get; }

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = new ActiveColumns(OutputSchema, InputSchema, dependingColumns);
        return active.OfSource(active.AnyAppended ? _inputs.Select(column => column.Column) : []);
    }

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        var active = new ActiveColumns(OutputSchema, InputSchema, activeColumns);
        var appended = new Delegate?[_mapper.OutputColumns.Count];
        if (!active.AnyAppended)
            return new ForwardingRow(input, active, appended);

        var row = new SingleRowBlock(input, _mapper, _inputs);
        for (var output = 0; output < appended.Length; output++)
        {
            if (active.IsAppendedActive(output))
                appended[output] = row.CreateGetter(output, _mapper.OutputColumns[output].Type.RawType);
        }
        return new ForwardingRow(input, active, appended, row);
    }

    /// <summary>A block of one row, computed when an output is first read at a new position.</summary>
    sealed class SingleRowBlock : IDisposable
    {
        readonly IBlock _block;
        readonly ValueGetter<DataViewRowId> _readId;
        readonly Action<int> _read;
        readonly DataViewRow _input;
        long _computedPosition = -1;

        public SingleRowBlock(DataViewRow input, IBlockMapper mapper, BlockInput[] columns)
        {
            _input = input;
            _readId = input.GetIdGetter();
            _block = mapper.CreateBlock(columns.Sum(column => column.Length), 1);
            try
            {
                _read = BlockInput.CreateReader(columns, _ => input, _block);
            }
            catch
            {
                _block.Dispose();
                throw;
            }
        }

        public Delegate CreateGetter(int output, Type valueType) =>
            (Delegate)typeof(SingleRowBlock).GetMethod(nameof(Getter), [typeof(int)])!.MakeGenericMethod(valueType).Invoke(this, [output])!;

        public ValueGetter<T> Getter<T>(int output)
        {
            var getter = _block.GetGetter<T>(output, static () => 0);
            return (ref T value) =>
            {
                Compute();
                getter(ref value);
            };
        }

        public void Dispose() => _block.Dispose();

        void Compute()
        {
            if (_input.Position == _computedPosition && _computedPosition >= 0)
                return;
            var id = default(DataViewRowId);
            _readId(ref id);
            _read(0);
            _block.Compute(1, [id]);
            _computedPosition = _input.Position;
        }
    }
}
