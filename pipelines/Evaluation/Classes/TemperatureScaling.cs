namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>
/// One number that makes probabilities honest: logits are divided by a temperature, chosen on validation rows (Guo et al., On Calibration of
/// Modern Neural Networks, ICML 2017). The predicted class stays what it was.
/// </summary>
static class TemperatureScaling
{
    const double Least = 0.05,
        Most = 20,
        Tolerance = 1e-6;

    // Single-precision softmax rounds small probabilities to 0; their logarithm is taken at the smallest normal number.
    internal const double LeastProbability = 1.17549435e-38;

    /// <summary>
    /// The temperature with the least log-loss, from 0.05 to 20. The log-loss is convex in 1/T, so Newton's steps inside a shrinking
    /// bracket find it.
    /// </summary>
    public static double Fit(Predictions predictions)
    {
        var (low, high, inverse) = (1 / Most, 1 / Least, 1.0);
        while (high - low > Tolerance)
        {
            var (slope, curvature) = Derivatives(predictions, inverse);
            if (slope > 0)
                high = inverse;
            else
                low = inverse;
            var next = curvature > 0 ? inverse - slope / curvature : double.NaN;
            if (Math.Abs(next - inverse) < Tolerance)
                break;
            inverse = next > low && next < high ? next : (low + high) / 2;
        }
        return 1 / inverse;
    }

    /// <summary>The probabilities at a temperature: softmax(ln p / T).</summary>
    public static void Apply(ReadOnlySpan<float> probabilities, double temperature, Span<double> scaled)
    {
        if (temperature == 1)
        {
            for (var i = 0; i < scaled.Length; i++)
                scaled[i] = probabilities[i];
            return;
        }
        Scale(probabilities, 1 / temperature, scaled);
    }

    static void Scale(ReadOnlySpan<float> probabilities, double inverse, Span<double> scaled)
    {
        var (largest, sum) = (0f, 0.0);
        foreach (var probability in probabilities)
            largest = Math.Max(largest, probability);
        for (var i = 0; i < scaled.Length; i++)
            sum += scaled[i] = Math.Exp(inverse * Math.Log(Math.Max(probabilities[i], LeastProbability) / largest));
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] /= sum;
    }

    /// <summary>First and second derivative of the summed log-loss by 1/T: mean logit minus that of the truth, and its variance.</summary>
    static (double Slope, double Curvature) Derivatives(Predictions predictions, double inverse)
    {
        var scaled = new double[predictions.Labels.Count];
        var (slope, curvature) = (0.0, 0.0);
        for (var row = 0; row < predictions.Count; row++)
        {
            var probabilities = predictions[row];
            Scale(probabilities, inverse, scaled);
            var (mean, square) = (0.0, 0.0);
            for (var label = 0; label < scaled.Length; label++)
            {
                var logit = Math.Log(Math.Max(probabilities[label], LeastProbability));
                mean += scaled[label] * logit;
                square += scaled[label] * logit * logit;
            }
            slope += mean - Math.Log(Math.Max(probabilities[predictions.ClassOf(row)], LeastProbability));
            curvature += square - mean * mean;
        }
        return (slope, curvature);
    }
}
