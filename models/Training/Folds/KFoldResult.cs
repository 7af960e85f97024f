using Microsoft.ML.Data;

namespace NoisyNN.Models.Training.Folds;

/// <summary>What k trainings on all folds but one scored on that one.</summary>
/// <param name="Folds">ML.NET's metrics of each fold.</param>
public sealed record KFoldResult(IReadOnlyList<MulticlassClassificationMetrics> Folds)
{
    /// <summary>The mean over the folds of the share of rows classified right.</summary>
    public double MeanAccuracy => Folds.Average(fold => fold.MicroAccuracy);

    /// <summary>
    /// The sample standard deviation of the folds' accuracies (divisor k - 1). Folds share training rows, so it is no unbiased error of the
    /// mean (Bengio and Grandvalet, JMLR 5, 2004).
    /// </summary>
    public double AccuracyStandardDeviation => Deviation(fold => fold.MicroAccuracy);

    /// <summary>The mean over the folds of the mean cross entropy, nats.</summary>
    public double MeanLogLoss => Folds.Average(fold => fold.LogLoss);

    /// <summary>The sample standard deviation of the folds' log losses, nats.</summary>
    public double LogLossStandardDeviation => Deviation(fold => fold.LogLoss);

    /// <summary>"accuracy 0.9120 ± 0.0041, log loss 0.2711 ± 0.0102 (5 folds, mean ± standard deviation)"</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"accuracy {MeanAccuracy:F4} ± {AccuracyStandardDeviation:F4}, log loss {MeanLogLoss:F4} ± {LogLossStandardDeviation:F4} ({Folds.Count} folds, mean ± standard deviation)"
        );

    double Deviation(Func<MulticlassClassificationMetrics, double> value)
    {
        var mean = Folds.Average(value);
        return Math.Sqrt(Folds.Sum(fold => Math.Pow(value(fold) - mean, 2)) / (Folds.Count - 1));
    }
}
