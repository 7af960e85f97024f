using Microsoft.ML;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>The columns of a row, followed by the noisy ones: their dependencies on the source's columns, and their getters.</summary>
/// <param name="input">The source's schema.</param>
/// <param name="columns">The noisy columns.</param>
/// <param name="acts">Whether the columns get noise, or pass unchanged.</param>
sealed class NoiseRow(DataViewSchema input, NoiseColumn[] columns, bool acts)
{
    public DataViewSchema Schema { get; } = OutputSchema.Append(input, columns.Select(column => column.Output));

    public ActiveColumns Activate(IEnumerable<DataViewSchema.Column> needed) => new(Schema, input, needed);

    public IEnumerable<DataViewSchema.Column> Needed(ActiveColumns active) =>
        active.OfSource(columns.Where((_, output) => active.IsAppendedActive(output)).Select(column => column.Input));

    public Delegate?[] CreateGetters(DataViewRow row, ActiveColumns active) =>
        [
            .. columns.Select(
                (column, output) =>
                    !active.IsAppendedActive(output) ? null
                    : acts ? column.CreateNoiseGetter(row)
                    : column.CreateIdentityGetter(row)
            ),
        ];
}
