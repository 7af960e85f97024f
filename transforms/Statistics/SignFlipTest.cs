using System.Numerics;

namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// The sign-flip test of paired differences: if neither side is better, each difference could as well have had the other sign. The
/// p-value is the share of all choices of signs whose mean is at least as far from 0 (R. A. Fisher, The Design of Experiments, 1935,
/// section 21). Unlike the t-test it does not assume a normal distribution.
/// </summary>
public static class SignFlipTest
{
    /// <summary>The fewest differences for which the p-value can be below 0.05: 2 of the 2⁶ choices of signs.</summary>
    public const int LeastCount = 6;

    /// <summary>Up to so many differences, all choices of signs are tried; beyond, <see cref="DrawCount"/> are drawn.</summary>
    public const int LargestExact = 20;

    /// <summary>Draws beyond <see cref="LargestExact"/>; they make a standard error of the p-value of 0.0007 near 0.05.</summary>
    public const int DrawCount = 100_000;

    /// <summary>The two-sided p-value; exact up to <see cref="LargestExact"/> differences, drawn with a fixed seed beyond.</summary>
    /// <param name="differences">The paired differences.</param>
    /// <returns>Null below <see cref="LeastCount"/> differences.</returns>
    public static double? PValue(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return differences.Count < LeastCount ? null
            : differences.Count <= LargestExact ? Exact(differences)
            : Drawn(differences);
    }

    static double Exact(IReadOnlyList<double> differences)
    {
        // Gray codes: from one choice to the next a single sign changes. Opposite choices have opposite sums, so half of them suffices.
        double[] flipped = [.. differences];
        var (sum, extreme) = (Observed(differences), 1);
        var limit = Limit(differences);
        var choices = 1 << (flipped.Length - 1);
        for (var choice = 1; choice < choices; choice++)
        {
            var changed = BitOperations.TrailingZeroCount(choice);
            flipped[changed] = -flipped[changed];
            sum += 2 * flipped[changed];
            if (Math.Abs(sum) >= limit)
                extreme++;
        }
        return (double)extreme / choices;
    }

    static double Drawn(IReadOnlyList<double> differences)
    {
        var random = new Random(1);
        var limit = Limit(differences);
        // The observed choice counts as one of the draws, so that the p-value is never 0.
        var extreme = 1;
        for (var draw = 0; draw < DrawCount; draw++)
        {
            var sum = 0.0;
            foreach (var difference in differences)
                sum += random.Next(2) == 0 ? difference : -difference;
            if (Math.Abs(sum) >= limit)
                extreme++;
        }
        return (double)extreme / (DrawCount + 1);
    }

    static double Observed(IReadOnlyList<double> differences) => differences.Sum();

    /// <summary>Sums that are equal but for rounding count as equal.</summary>
    static double Limit(IReadOnlyList<double> differences) => Math.Abs(Observed(differences)) - 1e-12 * differences.Sum(Math.Abs);
}
