using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>The counterpart of <see cref="NoiseColumnsView"/> for single rows.</summary>
sealed class NoiseRowMapper(DataViewSchema inputSchema, NoiseColumn[] columns, bool acts) : IRowToRowMapper
{
    readonly NoiseRow _row = new(inputSchema, columns, acts);

    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => _row.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _row.Needed(_row.Activate(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = _row.Activate(activeColumns);
        return new ForwardingRow(input, active, _row.CreateGetters(input, active));
    }
}
