using Microsoft.ML;
using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Noise;

namespace NoisyNN;

public sealed partial class EntropyCatalog
{
    /// <summary>
    /// The change of a task's entropy by a noise on a column, in nats, from a shrinkage estimate of the covariance of column and label. If
    /// a family has no closed form, its noise is put on the rows and their covariance is estimated again. Without data,
    /// <see cref="NoiseDefinition.EntropyChange(int)"/> gives what the noise alone decides, and
    /// <see cref="NoiseDefinition.EntropyChange(JointCovariance)"/> what a given covariance decides.
    /// </summary>
    /// <param name="noise">The noise.</param>
    /// <param name="view">The rows. Give training rows if you choose a noise by the figure.</param>
    /// <param name="columnName">A known-size vector of Single.</param>
    /// <param name="labelColumnName">Classes (a key, text, Boolean, whole numbers) or numbers (Single, Double, a known-size vector of
    /// Single).</param>
    /// <param name="shrinkage">From 0 to 1; null for an estimate, which the result reports.</param>
    /// <param name="batchSize">Rows per batch for noise across the batch.</param>
    /// <param name="seed">The seed of the noise that is put on the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or lacks the axis that the noise
    /// mixes.</exception>
    /// <exception cref="InvalidOperationException">A linear transform is singular, a value is not finite, a column is constant, or the
    /// label has one class.</exception>
    /// <example><code>
    /// var change = ml.Entropy.Change(new GaussianNoise(0.5), train, "Embedding", "Label");
    /// Console.WriteLine($"{change.Change.Paper} {change.Change.Conditional} {change.Change.Unit}: {change.Change.Verdict}");
    /// </code></example>
    public ColumnEntropyChange Change(
        NoiseDefinition noise,
        IDataView view,
        string columnName,
        string labelColumnName = "Label",
        double? shrinkage = null,
        int batchSize = 64,
        int seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(view);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return ColumnEntropyChange.Of(_context, noise, view, new(columnName, labelColumnName, shrinkage, batchSize, seed));
    }

    /// <inheritdoc cref="CovarianceEstimate.Of"/>
    public CovarianceEstimate Covariance(IDataView view, string columnName, string labelColumnName = "Label", double? shrinkage = null) =>
        CovarianceEstimate.Of(_context, view, columnName, labelColumnName, shrinkage);
}
