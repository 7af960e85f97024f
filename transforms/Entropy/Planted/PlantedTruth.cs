using NoisyNN.Transforms.Entropy.Estimators;

namespace NoisyNN.Transforms.Entropy.Planted;

/// <summary>A source of paired rows whose mutual information is known.</summary>
public abstract record PlantedTruth
{
    /// <summary>D, the dimensions of X.</summary>
    public int Dimension
    {
        get;
        init =>
            field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Dimension), value, "Dimension must be at least 1.");
    } = 20;

    /// <summary>I(X;Y) in bits.</summary>
    public abstract double Bits { get; }

    /// <summary>Independent rows.</summary>
    /// <param name="rows">Their number.</param>
    /// <param name="seed">The seed.</param>
    public abstract PairedRows Draw(int rows, int seed);
}
