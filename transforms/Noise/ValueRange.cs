namespace NoisyNN.Transforms.Noise;

/// <summary>A closed range of values, in units of the signal.</summary>
/// <exception cref="ArgumentOutOfRangeException">A bound is not finite as a Single, or <see cref="High"/> is not above
/// <see cref="Low"/>.</exception>
public sealed record ValueRange(double Low, double High)
{
    /// <summary>0 to 255, as pixel columns hold them.</summary>
    public static ValueRange Pixels { get; } = new(0, 255);

    /// <summary>0 to 1, as pixels that were scaled on extraction.</summary>
    public static ValueRange Unit { get; } = new(0, 1);

    /// <summary>The least value.</summary>
    public double Low { get; } =
        float.IsFinite((float)Low)
            ? Low
            : throw new ArgumentOutOfRangeException(nameof(Low), Low, $"Low is {Low:R}. Give a finite number.");

    /// <summary>The greatest value.</summary>
    // Low and High are set at construction. A `with` that sets one after the other could not tell a wrong pair from a half-changed one.
    public double High { get; } =
        float.IsFinite((float)High) && High > Low
            ? High
            : throw new ArgumentOutOfRangeException(nameof(High), High, $"High is {High:R}. Give a finite number above Low, {Low:R}.");

    /// <summary>"0 to 255".</summary>
    public override string ToString() => FormattableString.Invariant($"{Low:R} to {High:R}");
}
