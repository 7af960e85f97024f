namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>How far the probabilities of a classifier can be taken at their word.</summary>
/// <param name="LogLoss">Mean of -ln(probability of the true class), nats.</param>
/// <param name="Brier">Mean over rows of the summed squared distance to the true class, 0 to 2 (Brier, Monthly Weather Review 78,
/// 1950).</param>
/// <param name="ExpectedError">The expected calibration error: mean distance of confidence and accuracy over the bins, weighted by their
/// rows (Naeini et al., AAAI 2015; 15 bins of equal width as in Guo et al., ICML 2017).</param>
/// <param name="Bins">The bins that hold rows, the least confident first.</param>
public sealed record Calibration(double LogLoss, double Brier, double ExpectedError, IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>How many bins the confidences from 0 to 1 are sorted into.</summary>
    public const int BinCount = 15;

    /// <summary>Of the probabilities as they are, or at another temperature.</summary>
    internal static Calibration Of(Predictions predictions, double temperature = 1)
    {
        var (logLoss, brier) = (0.0, 0.0);
        var (counts, confidences, correct) = (new long[BinCount], new double[BinCount], new long[BinCount]);
        var scaled = new double[predictions.Labels.Count];
        for (var row = 0; row < predictions.Count; row++)
        {
            TemperatureScaling.Apply(predictions[row], temperature, scaled);
            var (truth, confidence) = (predictions.ClassOf(row), scaled[predictions.Predicted[row]]);
            logLoss -= Math.Log(Math.Max(scaled[truth], TemperatureScaling.LeastProbability));
            for (var label = 0; label < scaled.Length; label++)
                brier += Math.Pow(scaled[label] - (label == truth ? 1 : 0), 2);
            // A bin holds its upper end.
            var bin = Math.Clamp((int)Math.Ceiling(confidence * BinCount) - 1, 0, BinCount - 1);
            counts[bin]++;
            confidences[bin] += confidence;
            correct[bin] += predictions.IsCorrect(row) ? 1 : 0;
        }

        var bins = Enumerable
            .Range(0, BinCount)
            .Where(bin => counts[bin] > 0)
            .Select(bin => new ReliabilityBin(
                (double)bin / BinCount,
                (bin + 1.0) / BinCount,
                counts[bin],
                confidences[bin] / counts[bin],
                Share.Of(correct[bin], counts[bin])!
            ))
            .ToList();
        return new Calibration(
            logLoss / predictions.Count,
            brier / predictions.Count,
            bins.Sum(bin => bin.Rows * Math.Abs(bin.Confidence - bin.Accuracy.Value)) / predictions.Count,
            bins
        );
    }
}

/// <summary>Rows of similar confidence.</summary>
/// <param name="Low">Their confidence is above this.</param>
/// <param name="High">And at most this.</param>
/// <param name="Rows">How many.</param>
/// <param name="Confidence">Mean probability of the predicted class.</param>
/// <param name="Accuracy">The share that is classified rightly.</param>
public sealed record ReliabilityBin(double Low, double High, long Rows, double Confidence, Share Accuracy);
