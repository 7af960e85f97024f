using NoisyNN.Transforms.Entropy.Estimators;

namespace NoisyNN.Transforms.Entropy.Planted;

/// <summary>X and Y of N(0, I). Component i of Y has the correlation ρ with component i of X: I(X;Y) = -D/2 log₂(1 - ρ²).</summary>
public sealed record CorrelatedGaussians : PlantedTruth
{
    /// <summary>ρ.</summary>
    public double Correlation
    {
        get;
        init =>
            field =
                Math.Abs(value) < 1
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(Correlation), value, "Correlation must lie between -1 and 1.");
    } = 0.5;

    /// <inheritdoc/>
    public override double Bits => -0.5 * Dimension * Math.Log2(1 - Correlation * Correlation);

    /// <inheritdoc/>
    public override PairedRows Draw(int rows, int seed)
    {
        var random = new Random(seed);
        var (x, y) = (new double[rows * Dimension], new double[rows * Dimension]);
        var rest = Math.Sqrt(1 - Correlation * Correlation);
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = random.NextGaussian();
            y[i] = Correlation * x[i] + rest * random.NextGaussian();
        }
        return PairedRows.Of(new FeatureMatrix(x, Dimension), new FeatureMatrix(y, Dimension));
    }
}
