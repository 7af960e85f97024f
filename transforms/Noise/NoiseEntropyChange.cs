namespace NoisyNN.Transforms.Noise;

/// <summary>
/// The change ΔS of a task's entropy by a noise, H(T;Z) - H(T;Z'), in nats. It has the paper's bookkeeping and the consistent one.
/// </summary>
/// <remarks>NoisyNN (arXiv 2309.10625) calls a noise positive if the paper's figure is above 0.</remarks>
/// <param name="Noise">The family's name.</param>
/// <param name="Unit">What the figures count.</param>
public sealed partial record NoiseEntropyChange(string Noise, string Unit)
{
    /// <summary>k, the number of rows that are mixed; null for element noise.</summary>
    public int? Size { get; init; }

    /// <summary>
    /// The paper's latent level: H(Y;Z) - H(Y;Z'), joint entropies. H(Z) is subtracted on both sides, although the signal has become Z'.
    /// So any map that contracts volume counts as positive, whatever the labels are. Null if it depends on the data;
    /// <see cref="PaperBounds"/> then says what is known.
    /// </summary>
    public double? Paper { get; init; }

    /// <summary>The bounds of <see cref="Paper"/> if its value is not known; null if no bound is known.</summary>
    public EntropyBounds? PaperBounds { get; init; }

    /// <summary>The paper's data level, which subtracts H(Z') after the noise: the same as <see cref="Conditional"/>.</summary>
    public double? PaperDataLevel => Conditional;

    /// <summary>
    /// The consistent bookkeeping: H(Y|Z) - H(Y|Z'), the label information that the noise adds. By the data processing inequality it is
    /// at most 0 for noise that does not know the labels. It is 0 for an invertible map. Null if it depends on the data;
    /// <see cref="ConditionalBounds"/> then says what is known.
    /// </summary>
    public double? Conditional { get; init; }

    /// <summary>The bounds of <see cref="Conditional"/> if its value is not known; null if it is.</summary>
    public EntropyBounds? ConditionalBounds { get; init; }

    /// <summary>A noise that changes nothing.</summary>
    internal static NoiseEntropyChange None(string noise) => new(noise, "nats") { Paper = 0, Conditional = 0 };

    /// <summary>
    /// A noise whose figures both depend on the data. The conditional one is at most 0 by the data processing inequality.
    /// </summary>
    internal static NoiseEntropyChange OfData(string noise, EntropyBounds? paper = null) =>
        new(noise, "nats") { PaperBounds = paper, ConditionalBounds = new(AtMost: 0) };

    /// <summary>Both bookkeepings for a jointly Gaussian signal and label before and after the noise.</summary>
    internal static NoiseEntropyChange Between(string noise, JointCovariance before, JointCovariance after) =>
        new(noise, "nats")
        {
            Paper = (before.LogDeterminant - after.LogDeterminant) / 2,
            Conditional = (before.LogDeterminant - before.SignalLogDeterminant - (after.LogDeterminant - after.SignalLogDeterminant)) / 2,
        };
}

/// <summary>What is known of a figure that has no closed form, in the figure's unit.</summary>
/// <param name="AtLeast">A lower bound, or null.</param>
/// <param name="AtMost">An upper bound, or null.</param>
public sealed record EntropyBounds(double? AtLeast = null, double? AtMost = null)
{
    /// <summary>"at least 0.1000 and at most 0.2000"</summary>
    public override string ToString() =>
        (AtLeast, AtMost) switch
        {
            ({ } least, { } most) => FormattableString.Invariant($"at least {least:0.0000} and at most {most:0.0000}"),
            ({ } least, null) => FormattableString.Invariant($"at least {least:0.0000}"),
            (null, { } most) => FormattableString.Invariant($"at most {most:0.0000}"),
            _ => "without bounds",
        };
}
