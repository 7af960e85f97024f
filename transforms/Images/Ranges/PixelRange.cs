namespace NoisyNN.Transforms.Images.Ranges;

/// <summary>The range of some pixels, which tells raw ones, 0 to 255, from scaled ones.</summary>
/// <param name="Least">The least value.</param>
/// <param name="Greatest">The greatest value.</param>
/// <param name="HasFractions">Whether a value is no whole number.</param>
readonly record struct PixelRange(float Least, float Greatest, bool HasFractions)
{
    // Standardised pixels lie within a few deviations of 0.
    const float Standardized = 16;

    // Values in 0..1 with noise on them.
    const float Scaled = 2;

    /// <summary>Whether all values are alike, as those of a black image: nothing can be said then.</summary>
    public bool IsBlank => !(Greatest > Least);

    /// <summary>Whether they look as if divided by 255, or standardised, too: no raw image has fractions in so narrow a range.</summary>
    public bool LooksScaled => HasFractions && (Least < 0 ? Least >= -Standardized && Greatest <= Standardized : Greatest <= 1);

    /// <summary>Whether they go beyond what pixels of 0 to 1, or of -1 to 1, can be.</summary>
    public bool LooksRaw => Greatest > Scaled || Least < -Scaled;

    /// <summary>The range of these values; values that are no numbers do not count.</summary>
    public static PixelRange Of(ReadOnlySpan<float> values)
    {
        var (least, greatest, hasFractions) = (float.PositiveInfinity, float.NegativeInfinity, false);
        foreach (var value in values)
        {
            least = value < least ? value : least;
            greatest = value > greatest ? value : greatest;
            hasFractions |= value - MathF.Truncate(value) is > 0 or < 0;
        }
        return new(least, greatest, hasFractions);
    }

    /// <summary>"0 to 0.996"</summary>
    public override string ToString() => FormattableString.Invariant($"{Least:0.###} to {Greatest:0.###}");
}
