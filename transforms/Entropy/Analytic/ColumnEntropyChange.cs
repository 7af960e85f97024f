using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>The change by a noise on a column of the entropy of the task that the label sets, in closed form.</summary>
/// <param name="Change">Both bookkeepings, in nats for a row of the column, or for a batch if the noise mixes rows.</param>
/// <param name="Before">The covariance of column and label.</param>
/// <param name="After">The same with the noise on the column; null if the family has a closed form.</param>
public sealed record ColumnEntropyChange(NoiseEntropyChange Change, CovarianceEstimate Before, CovarianceEstimate? After = null)
{
    /// <summary>The change, and the covariances it follows from.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            After is null ? [$"{Change}", $"covariance of {Before}"] : [$"{Change}", $"covariance of {Before}", $"with noise of {After}"]
        );

    internal static ColumnEntropyChange Of(MLContext context, NoiseDefinition noise, IDataView view, ColumnEntropyOptions options)
    {
        var column = BlockInput.Find(view.Schema, options.ColumnName);
        int[] dimensions = [.. ((VectorDataViewType)column.Column.Type).Dimensions];
        NoiseKernel.Create(noise, dimensions);
        var before = CovarianceEstimate.Of(context, view, options.ColumnName, options.LabelColumnName, options.Shrinkage);
        if (noise is LinearTransformNoise mixing)
            return new(Mixed(mixing, dimensions, column.Length, options.BatchSize), before);
        if (ClosedForm(noise, before.Covariance) is { } exact)
            return new(exact with { Unit = "nats per row" }, before);
        var noisy = new NoiseEstimator(
            context,
            new()
            {
                OutputColumnName = options.ColumnName,
                Noise = noise,
                Scope = NoiseScope.Always,
                Seed = options.Seed,
            }
        ).Fit(view).Transform(view);
        // The same shrinkage, so that only the noise makes a difference.
        var after = CovarianceEstimate.Of(context, noisy, options.ColumnName, options.LabelColumnName, before.Shrinkage);
        var change = NoiseEntropyChange.Between(noise.Name, before.Covariance, after.Covariance);
        return new(change with { Unit = "nats per row", IsGaussianApproximation = true }, before, after);
    }

    /// <summary>Both figures for a Gaussian signal and label; null if the family has only bounds or nothing.</summary>
    static NoiseEntropyChange? ClosedForm(NoiseDefinition noise, JointCovariance covariance)
    {
        try
        {
            return noise.EntropyChange(covariance) is { Paper: not null, Conditional: not null } exact ? exact : null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>An invertible map of k rows, for each of their features. The covariance cancels.</summary>
    static NoiseEntropyChange Mixed(LinearTransformNoise noise, ReadOnlySpan<int> dimensions, int length, int batchSize)
    {
        var (size, features, unit) = noise.Locate(dimensions) is { } place
            ? (place.Size, length / place.Size, "nats per row")
            : (batchSize, length, $"nats per batch of {batchSize} rows");
        var change = noise.EntropyChange(size);
        return change with { Paper = change.Paper * features, Unit = unit };
    }
}

/// <summary>The rows to read for a <see cref="ColumnEntropyChange"/>.</summary>
sealed record ColumnEntropyOptions(string ColumnName, string LabelColumnName, double? Shrinkage, int BatchSize, int Seed);
