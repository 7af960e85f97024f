namespace NoisyNN.Transforms.Noise;

public sealed partial record NoiseEntropyChange
{
    /// <summary>A figure below this share of the larger one is rounding and counts as 0.</summary>
    const double Rounding = 1e-9;

    /// <summary>
    /// Whether the figures are those of Gaussian variables with the data's second moments, because there is no closed form.
    /// </summary>
    public bool IsGaussianApproximation { get; init; }

    /// <summary>What makes the paper's formula doubtful for this family, as a clause; null if nothing does.</summary>
    public string? Reservation { get; init; }

    /// <summary>
    /// The meaning of the signs in words: the paper's reading, then the consistent one, then whether they agree.
    /// </summary>
    public string Verdict => $"Paper: {PaperReading}. Conditional: {ConditionalReading}.{Agreement}{Basis}";

    /// <summary>Both figures with their unit, then the verdict.</summary>
    public override string ToString() =>
        $"{Noise}, {Unit}: paper {Figure(Paper, PaperBounds)}, conditional {Figure(Conditional, ConditionalBounds)}"
        + $"{Environment.NewLine}{Verdict}";

    static string Figure(double? value, EntropyBounds? bounds) =>
        value is { } known
            ? FormattableString.Invariant($"{known:+0.0000;-0.0000;0.0000}")
            : bounds?.ToString() ?? "not known without data";

    string PaperReading =>
        Reservation is { } reservation && PaperSign is < 0 ? $"harmful noise by its formula, which is no fact: {reservation}" : SignReading;

    string SignReading =>
        PaperSign switch
        {
            null => "no figure without data, not even its sign",
            > 0 => "positive noise, because the joint entropy of signal and label falls, as it does under any noise that contracts volume",
            0 => "harmful noise by its definition (the change is not above 0), although the volume stays the same",
            _ => "harmful noise, because the joint entropy of signal and label grows",
        };

    string ConditionalReading =>
        (SignOf(Conditional), IsGaussianApproximation) switch
        {
            (null, _) => "decided by the data, but at most 0: noise that does not know the "
                + "labels cannot add label information (data processing)",
            (> 0, true) => "above 0 in the Gaussian approximation, which no noise can reach exactly: a linear reader of the labels gains, "
                + "but the information about the labels cannot grow",
            (> 0, false) => "above 0, which data processing forbids: the covariances before and after do not belong to one signal",
            (0, _) => "0, adds no label information and removes none",
            _ => "below 0, removes label information",
        };

    string Agreement =>
        (PaperSign, SignOf(Conditional)) switch
        {
            (> 0, 0) => " The two disagree: contracts volume, adds no label information.",
            (> 0, < 0) => " The two disagree: contracts volume and loses label information.",
            (> 0, null) => " The two disagree: what contracts volume cannot add label information.",
            (< 0, > 0) => " The two disagree: spreads the signal, yet a linear reader of the labels gains.",
            _ => "",
        } + " Neither figure says how well a network will train with this noise.";

    string Basis =>
        IsGaussianApproximation
            ? " The figures are those of Gaussian variables with the data's second "
                + "moments after the noise, an approximation for this family."
            : "";

    /// <summary>The sign of the paper's figure, or of its bounds; null if the bounds do not decide it.</summary>
    int? PaperSign =>
        SignOf(Paper)
        ?? (
            PaperBounds switch
            {
                { AtLeast: > 0 } => 1,
                { AtMost: <= 0 } => -1,
                _ => null,
            }
        );

    int? SignOf(double? change)
    {
        if (change is not { } value)
            return null;
        var scale = Math.Max(Math.Abs(Paper ?? 0), Math.Abs(Conditional ?? 0));
        return Math.Abs(value) <= Rounding * Math.Max(scale, 1e-3) ? 0 : Math.Sign(value);
    }
}
