using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy;

/// <summary>Which way a noise moves what the rows tell about the labels.</summary>
public enum NoiseEffect
{
    /// <summary>The interval reaches both sides of 0.</summary>
    Undecided,

    /// <summary>The whole interval is above 0.</summary>
    Helps,

    /// <summary>The whole interval is below 0.</summary>
    Hurts,
}

/// <summary>What the paper's formula (NoisyNN, arXiv 2309.10625) says about a noise.</summary>
public enum PaperPrediction
{
    /// <summary>Its figure has no closed form and no bound that decides the sign.</summary>
    Open,

    /// <summary>Its figure is above 0.</summary>
    Positive,

    /// <summary>Its figure is not above 0.</summary>
    Harmful,
}

/// <summary>One noise of an advice.</summary>
/// <param name="Noise">The noise.</param>
/// <param name="Dsmi">Mutual information of the noisy rows with the labels, mean over the blocks, in bits.</param>
/// <param name="Change">That minus the mutual information of the same rows without noise: the mean of the paired differences, in bits.</param>
/// <param name="Low">Lower end of the simultaneous interval of the expected change, in bits.</param>
/// <param name="High">Upper end, in bits.</param>
/// <param name="EntropyChange">The analytic change, as far as the noise alone determines it.</param>
public sealed record RankedNoise(NoiseDefinition Noise, double Dsmi, double Change, double Low, double High, NoiseEntropyChange EntropyChange)
{
    /// <summary>Changes below this, in bits, are rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Which way the interval points.</summary>
    public NoiseEffect Effect => Low > Rounding ? NoiseEffect.Helps : High < -Rounding ? NoiseEffect.Hurts : NoiseEffect.Undecided;

    /// <summary>What the paper's formula predicts.</summary>
    public PaperPrediction Paper => (EntropyChange.Paper, EntropyChange.PaperBounds) switch
    {
        ( > 0, _) or (null, { AtLeast: > 0 }) => PaperPrediction.Positive,
        ({ }, _) or (null, { AtMost: <= 0 }) => PaperPrediction.Harmful,
        _ => PaperPrediction.Open,
    };

    /// <summary>Whether formula and measurement point in opposite directions.</summary>
    public bool Disagrees => (Paper, Effect) is (PaperPrediction.Positive, NoiseEffect.Hurts) or (PaperPrediction.Harmful, NoiseEffect.Helps);
}

/// <summary>Noises ranked by how they change what a column tells about its labels, measured before any training.</summary>
public sealed record NoiseAdvice
{
    /// <summary>The unit of every mutual information and change.</summary>
    public string Unit { get; } = "bits";

    /// <summary>The noises, the largest change first.</summary>
    public required IReadOnlyList<RankedNoise> Ranking { get; init; }

    /// <summary>The best of the noises that help; null for none.</summary>
    public RankedNoise? Advised => Ranking.FirstOrDefault(noise => noise.Effect == NoiseEffect.Helps);

    /// <summary>Mutual information of the rows without noise, mean over the blocks, in bits.</summary>
    public required double Dsmi { get; init; }

    /// <summary>σ in use, the same for all: found on the rows without noise.</summary>
    public required double Sigma { get; init; }

    /// <summary>The rule that found σ.</summary>
    public required string BandwidthRule { get; init; }

    /// <summary>Disjoint blocks, each of which gave one difference for each noise.</summary>
    public required int Blocks { get; init; }

    /// <summary>Rows of one block.</summary>
    public required int RowsPerBlock { get; init; }

    /// <summary>Rows of the view, of which the blocks are a random part.</summary>
    public required long TotalRows { get; init; }

    /// <summary>The probability, over all noises together, that every interval covers its expected change.</summary>
    public required double Confidence { get; init; }

    /// <summary>What a reader has to know: classes left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The advice in words.</summary>
    public string Verdict => Describe(noise => noise.Name);

    /// <summary>The advice in words, with the noise as a caller names it.</summary>
    public string Describe(Func<NoiseDefinition, string> name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Advised is { } best
            ? FormattableString.Invariant($"Advised: {name(best.Noise)}, which raises what the rows tell about the labels by {best.Change:0.0000} bits ({best.Low:0.0000} to {best.High:0.0000}).")
                + " It makes the labels easier to tell apart at this scale; it cannot add information, and only training shows whether a network gains."
            : $"Advised: none. No interval of the {Ranking.Count} noises lies above 0.";
    }
}
