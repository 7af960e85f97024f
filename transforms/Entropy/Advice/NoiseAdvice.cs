using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>The direction in which a noise changes the information of the rows about the labels.</summary>
public enum NoiseEffect
{
    /// <summary>The interval contains 0.</summary>
    Undecided,

    /// <summary>The whole interval is above 0.</summary>
    Raises,

    /// <summary>The whole interval is below 0.</summary>
    Lowers,
}

/// <summary>The prediction of the paper's formula (NoisyNN, arXiv 2309.10625) for a noise.</summary>
public enum PaperPrediction
{
    /// <summary>The figure has no closed form and no bound that decides its sign.</summary>
    Open,

    /// <summary>The figure is above 0.</summary>
    Positive,

    /// <summary>The figure is not above 0.</summary>
    Harmful,
}

/// <summary>A change of mutual information with the labels, in bits.</summary>
/// <param name="Change">The information with noise minus the information without: the mean of the paired differences.</param>
/// <param name="Low">The lower end of the simultaneous interval for the expected change.</param>
/// <param name="High">The upper end.</param>
public sealed record MeasuredChange(double Change, double Low, double High)
{
    /// <summary>"+0.0100 bits (0.0050 to 0.0150)"</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Change:+0.0000;-0.0000;0.0000} bits ({Low:0.0000} to {High:0.0000})");
}

/// <summary>One noise of a screen.</summary>
/// <param name="Noise">The noise.</param>
/// <param name="Dsmi">Mutual information of the noisy rows with the labels, mean over the blocks, in bits.</param>
/// <param name="Measured">The measured change by the noise, with its interval.</param>
/// <param name="EntropyChange">The analytic change, as far as the noise alone determines it.</param>
public sealed record RankedNoise(NoiseDefinition Noise, double Dsmi, MeasuredChange Measured, NoiseEntropyChange EntropyChange)
{
    /// <summary>Changes below this, in bits, count as rounding.</summary>
    const double Rounding = 1e-9;

    /// <summary>The measured change, in bits.</summary>
    public double Change => Measured.Change;

    /// <summary>Lower end of its simultaneous interval, in bits.</summary>
    public double Low => Measured.Low;

    /// <summary>Upper end of its simultaneous interval, in bits.</summary>
    public double High => Measured.High;

    /// <summary>The direction of the interval.</summary>
    public NoiseEffect Effect =>
        Low > Rounding ? NoiseEffect.Raises
        : High < -Rounding ? NoiseEffect.Lowers
        : NoiseEffect.Undecided;

    /// <summary>The prediction of the paper's formula.</summary>
    public PaperPrediction Paper =>
        (EntropyChange.Paper, EntropyChange.PaperBounds) switch
        {
            (> 0, _) or (null, { AtLeast: > 0 }) => PaperPrediction.Positive,
            ({ }, _) or (null, { AtMost: <= 0 }) => PaperPrediction.Harmful,
            _ => PaperPrediction.Open,
        };

    /// <summary>Whether formula and measurement point in opposite directions.</summary>
    public bool Disagrees =>
        (Paper, Effect) is (PaperPrediction.Positive, NoiseEffect.Lowers) or (PaperPrediction.Harmful, NoiseEffect.Raises);

    /// <summary>"gaussian (StandardDeviation 0.1, Mean 0): +0.0100 bits (0.0050 to 0.0150), raises; the paper's formula: positive"</summary>
    public override string ToString() =>
        $"{NoiseText.Of(Noise)}: {Measured}, {$"{Effect}".ToLowerInvariant()}; the paper's formula: {$"{Paper}".ToLowerInvariant()}";
}

/// <summary>Noises in the order of how they change the information of a column about its labels, measured before any training.</summary>
public sealed record NoiseAdvice
{
    /// <summary>The unit of every mutual information and change.</summary>
    public string Unit { get; } = "bits";

    /// <summary>The noises, the largest change first.</summary>
    public required IReadOnlyList<RankedNoise> Ranking { get; init; }

    /// <summary>
    /// The noise with the largest rise, if its interval lies above 0; null for none. It is no advice: noise that contracts the rows raises
    /// DSMI, too, and costs a network accuracy.
    /// </summary>
    public RankedNoise? Leading => Ranking.FirstOrDefault(noise => noise.Effect == NoiseEffect.Raises);

    /// <summary>
    /// The change by the leading noise at half and at double σ; empty without one. The decision does not use it. It shows whether the
    /// rise depends on the scale at which rows are compared.
    /// </summary>
    public IReadOnlyList<(double Sigma, MeasuredChange Measured)> OtherBandwidths { get; init; } = [];

    /// <summary>
    /// The effective rank of some rows with the leading noise, divided by that without it; 1 without a leading noise. Below 0.5, the noise
    /// has contracted the rows.
    /// </summary>
    public double LeadingRankRatio { get; init; } = 1;

    const double Contraction = 0.5;

    /// <summary>Mutual information of the rows without noise, mean over the blocks, in bits.</summary>
    public required double Dsmi { get; init; }

    /// <summary>σ, found on the rows without noise and used for all noises.</summary>
    public required double Sigma { get; init; }

    /// <summary>The rule that found σ.</summary>
    public required string BandwidthRule { get; init; }

    /// <summary>Disjoint blocks, each of which gave one difference for each noise.</summary>
    public required int Blocks { get; init; }

    /// <summary>Rows of one block.</summary>
    public required int RowsPerBlock { get; init; }

    /// <summary>Rows of the view; the blocks are a random part of them.</summary>
    public required long TotalRows { get; init; }

    /// <summary>The probability, over all noises together, that every interval covers its expected change.</summary>
    public required double Confidence { get; init; }

    /// <summary>Notes on the measurement, such as classes that were left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The result in words.</summary>
    public string Verdict => Describe(noise => noise.Name);

    /// <summary>The result in words, with a name for the noise that the caller chooses.</summary>
    public string Describe(Func<NoiseDefinition, string> name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Leading is not { } best)
            return $"No noise raises DSMI: no interval of the {Ranking.Count} noises lies above 0. Only training shows whether one helps.";
        return FormattableString.Invariant($"Largest rise of DSMI: {name(best.Noise)}, by ")
            + FormattableString.Invariant($"{best.Change:0.0000} bits ({best.Low:0.0000} to {best.High:0.0000}).")
            + string.Concat(
                OtherBandwidths.Select(other =>
                    FormattableString.Invariant(
                        $" With sigma {other.Sigma:0.####} it changes by {other.Measured.Change:+0.0000;-0.0000;0} bits."
                    )
                )
            )
            + (OtherBandwidths.Any(other => other.Measured.Change <= 0) ? " So it depends on the scale at which rows are compared." : "")
            + (
                LeadingRankRatio < Contraction
                    ? FormattableString.Invariant(
                        $" Warning: it contracts the rows; their effective rank falls to {100 * LeadingRankRatio:0} %. DSMI rises with any "
                    ) + "contraction within rows, and such noise costs a network accuracy."
                    : ""
            )
            + " This is no advice: it cannot add information, and only training shows whether a network gains (noisynn advise).";
    }

    /// <summary>The verdict, a line for each noise, a line for what decides the figures, and the notes.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                Describe(NoiseText.Of),
                .. Ranking.Select(noise => $"  {noise}"),
                FormattableString.Invariant(
                    $"{Blocks} blocks of {RowsPerBlock} rows out of {TotalRows}, {Dsmi:0.0000} bits without noise, "
                ) + FormattableString.Invariant($"sigma {Sigma:0.####} ({BandwidthRule}), {100 * Confidence:0.#} % confidence"),
                .. Notes.Select(note => $"note: {note}"),
            ]
        );
}
