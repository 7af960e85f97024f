namespace NoisyNN.Models.Training.ImageAugmentation;

/// <summary>
/// Where each pixel of a changed image comes from: x' = A·x + B·y + C, y' = D·x + E·y + F, in pixels from the image's centre. Several
/// changes are one map, so that an image is resampled once, whatever is done to it.
/// </summary>
readonly record struct AffineMap(float A, float B, float C, float D, float E, float F)
{
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    public static AffineMap Mirror { get; } = new(-1, 0, 0, 0, 1, 0);

    /// <summary>Moves the content right by <paramref name="x"/> and down by <paramref name="y"/>.</summary>
    public static AffineMap Translation(float x, float y) => new(1, 0, -x, 0, 1, -y);

    public static AffineMap Rotation(float radians) =>
        new(MathF.Cos(radians), MathF.Sin(radians), 0, -MathF.Sin(radians), MathF.Cos(radians), 0);

    public static AffineMap Shear(float x, float y) => new(1, x, 0, y, 1, 0);

    /// <summary>This change, then another one: the other's pixels come from this one's.</summary>
    public AffineMap Then(AffineMap next) =>
        new(
            A * next.A + B * next.D,
            A * next.B + B * next.E,
            A * next.C + B * next.F + C,
            D * next.A + E * next.D,
            D * next.B + E * next.E,
            D * next.C + E * next.F + F
        );

    /// <summary>Resamples an image bilinearly; what comes from outside is black (0).</summary>
    /// <param name="source">Planar, channels times height times width.</param>
    /// <param name="target">The same size.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    public void Resample(ReadOnlySpan<float> source, Span<float> target, int height, int width)
    {
        var plane = height * width;
        var (centreX, centreY) = ((width - 1) / 2f, (height - 1) / 2f);
        for (var row = 0; row < height; row++)
        {
            var y = row - centreY;
            for (var column = 0; column < width; column++)
            {
                var x = column - centreX;
                var (fromX, fromY) = (A * x + B * y + C + centreX, D * x + E * y + F + centreY);
                var (left, top) = (MathF.Floor(fromX), MathF.Floor(fromY));
                Sample(source, target, row * width + column, plane, (int)top, (int)left, fromY - top, fromX - left, height, width);
            }
        }
    }

    static void Sample(
        ReadOnlySpan<float> source,
        Span<float> target,
        int index,
        int plane,
        int top,
        int left,
        float down,
        float right,
        int height,
        int width
    )
    {
        var (hasTop, hasBottom) = ((uint)top < (uint)height, (uint)(top + 1) < (uint)height);
        var (hasLeft, hasRight) = ((uint)left < (uint)width, (uint)(left + 1) < (uint)width);
        var from = top * width + left;
        for (; index < target.Length; index += plane, from += plane)
        {
            var upper = (hasTop && hasLeft ? source[from] * (1 - right) : 0) + (hasTop && hasRight ? source[from + 1] * right : 0);
            var lower =
                (hasBottom && hasLeft ? source[from + width] * (1 - right) : 0)
                + (hasBottom && hasRight ? source[from + width + 1] * right : 0);
            target[index] = upper * (1 - down) + lower * down;
        }
    }
}
