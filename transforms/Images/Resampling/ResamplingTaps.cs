namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>
/// The neighbouring pixels that make one new pixel, and their weights, which add up to 1. All but the outer two weigh the same.
/// </summary>
/// <param name="First">The first pixel.</param>
/// <param name="Last">The last pixel; may be the first one.</param>
/// <param name="FirstWeight">The weight of the first pixel.</param>
/// <param name="MiddleWeight">The weight of each pixel between.</param>
/// <param name="LastWeight">The weight of the last pixel, if it is not the first one.</param>
readonly record struct ResamplingTap(int First, int Last, float FirstWeight, float MiddleWeight, float LastWeight)
{
    /// <summary>
    /// Taps along one side. Shrinking averages the covered area. Growing interpolates linearly between pixel centres.
    /// </summary>
    /// <param name="taps">One for each new pixel.</param>
    /// <param name="length">The side in pixels; a scaled JPEG ends within its last pixel.</param>
    /// <param name="count">The number of existing pixels.</param>
    public static void Fill(Span<ResamplingTap> taps, double length, int count)
    {
        var scale = length / taps.Length;
        for (var i = 0; i < taps.Length; i++)
            taps[i] = scale > 1 ? Area(i * scale, Math.Min((i + 1) * scale, length), count) : Linear((i + 0.5) * scale - 0.5, count);
    }

    static ResamplingTap Area(double from, double to, int count)
    {
        var first = Math.Min((int)from, count - 1);
        var last = Math.Clamp((int)Math.Ceiling(to) - 1, first, count - 1);
        var share = 1 / (to - from);
        return first == last
            ? new(first, last, 1, 0, 0)
            : new(first, last, (float)((first + 1 - from) * share), (float)share, (float)((to - last) * share));
    }

    static ResamplingTap Linear(double centre, int count)
    {
        centre = Math.Clamp(centre, 0, count - 1);
        var first = (int)centre;
        var share = (float)(centre - first);
        return share == 0 ? new(first, first, 1, 0, 0) : new(first, first + 1, 1 - share, 0, share);
    }
}
