using Microsoft.ML;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// The source's columns and a block mapper's outputs. A cursor looks ahead: it gathers a block of rows, computes it once, and replays the
/// rows in order. So a mapper works on batches, and its user sees an ordinary lazy view.
/// </summary>
/// <remarks>
/// Only requested columns are computed or buffered. If none of the mapper's outputs is requested, nothing is gathered. Memory is one
/// block per cursor. If the mapper computes in parallel, it is two blocks more than are computed at a time. Values of any primitive, key,
/// text and vector type and images pass through.
/// </remarks>
public sealed class BlockMappedDataView : IDataView
{
    readonly IDataView _source;
    readonly IBlockMapper _mapper;
    readonly BlockInput[] _inputs;
    readonly RepeatedPasses? _passes;

    /// <param name="source">The view to extend.</param>
    /// <param name="mapper">The mapper that computes the new columns.</param>
    /// <param name="context">For columns that take long to compute: its log gets a warning when the view is read again and again. Null for
    /// none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column of the mapper is missing or of a type that it does not
    /// take.</exception>
    public BlockMappedDataView(IDataView source, IBlockMapper mapper, MLContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(mapper);
        _source = source;
        _mapper = mapper;
        _inputs = BlockInput.FindAll(source.Schema, mapper);
        Schema = OutputSchema.Append(source.Schema, mapper.OutputColumns);
        if (context is not null)
            _passes = new(context, mapper.OutputColumns[0].Name);
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => _source.CanShuffle && !_mapper.DependsOnNeighbours;

    /// <inheritdoc/>
    public long? GetRowCount() => _source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, _source.Schema, columnsNeeded);
        if (!CanShuffle)
            rand = null;
        if (!active.AnyAppended)
            return new ForwardingCursor(_source.GetRowCursor(active.OfSource(), rand), active, new Delegate?[_mapper.OutputColumns.Count]);

        _passes?.Begin();
        var mapper = _mapper.ForCursor(_source.GetRowCount());
        var source = _source.GetRowCursor(active.OfSource(_inputs.Select(input => input.Column)), rand);
        return new BlockCursor(source, active, mapper, _inputs, _passes);
    }

    /// <inheritdoc/>
    /// <remarks>One cursor, because the mapper itself runs in parallel.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
