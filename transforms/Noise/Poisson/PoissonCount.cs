using MathNet.Numerics;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.Poisson;

/// <summary>
/// Poisson counts from a row's stream. Each is a function of the element's own words. Means below 10 use sequential inversion. Larger
/// means use the transformed rejection with squeeze (PTRS): Hörmann, The transformed rejection method for generating Poisson random
/// variables (Insurance: Mathematics and Economics 12, 1993). Both are exact up to the resolution of their uniform numbers, 2⁻⁵².
/// </summary>
static class PoissonCount
{
    const double RejectionFrom = 10;

    // The counter of attempt 0 belongs to the words that are drawn in blocks.
    const uint FirstAttempt = 1;

    public static double Draw(double mean, in RowStream stream, uint element) =>
        mean < RejectionFrom ? Invert(mean, stream.Uniforms(element, FirstAttempt).First) : Reject(mean, stream, element);

    static double Invert(double mean, double uniform)
    {
        var (count, probability) = (0, Math.Exp(-mean));
        // Less than 1e-70 of the mass is beyond this bound. Without it, rounding could keep the loop from ending.
        while (uniform > probability && count < 120)
        {
            uniform -= probability;
            probability *= mean / ++count;
        }
        return count;
    }

    static double Reject(double mean, in RowStream stream, uint element)
    {
        var spread = 0.931 + 2.53 * Math.Sqrt(mean);
        var slope = -0.059 + 0.02483 * spread;
        var squeeze = 0.9277 - 3.6224 / (spread - 2);
        for (var attempt = FirstAttempt; ; attempt++)
        {
            var (u, v) = stream.Uniforms(element, attempt);
            u -= 0.5;
            var distance = 0.5 - Math.Abs(u);
            var count = Math.Floor((2 * slope / distance + spread) * u + mean + 0.43);
            if (distance >= 0.07 && v <= squeeze)
                return count;
            if (count < 0 || (distance < 0.013 && v > distance))
                continue;
            var scale = 1.1239 + 1.1328 / (spread - 3.4);
            if (
                Math.Log(v * scale / (slope / (distance * distance) + spread))
                <= count * Math.Log(mean) - mean - SpecialFunctions.GammaLn(count + 1)
            )
                return count;
        }
    }
}
