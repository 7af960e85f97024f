using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Columns;

/// <summary>What <see cref="NoiseColumnView"/> does, for single rows.</summary>
internal sealed class NoiseRowMapper(
    DataViewSchema inputSchema, NoiseColumn column, Func<DataViewRow, ValueGetter<VBuffer<float>>> createGetter) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = Batching.OutputSchema.Append(inputSchema, [column.Output]);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = new ActiveColumns(OutputSchema, inputSchema, dependingColumns);
        return active.OfSource(active.AnyAppended ? column.Input : null);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new ActiveColumns(OutputSchema, inputSchema, activeColumns);
        return new ForwardingRow(input, active, [active.AnyAppended ? createGetter(input) : null]);
    }
}
