namespace NoisyNN.Transforms.Images;

/// <summary>
/// The positions of stored pixels in the upright image: the index of the first one, and the steps to the right and down. The eight EXIF
/// orientations are the eight symmetries of a rectangle.
/// </summary>
readonly struct Orientation
{
    /// <param name="value">The orientation, 1 to 8 as in EXIF.</param>
    /// <param name="width">Width of the upright image, in pixels.</param>
    /// <param name="height">Height of the upright image, in pixels.</param>
    public Orientation(int value, int width, int height)
    {
        var (right, down) = (width - 1, (height - 1) * width);
        (Start, StepRight, StepDown) = value switch
        {
            2 => (right, -1, width),
            3 => (down + right, -1, -width),
            4 => (down, 1, -width),
            5 => (0, width, 1),
            6 => (right, width, -1),
            7 => (down + right, -width, -1),
            8 => (down, -width, 1),
            _ => (0, 1, width),
        };
    }

    /// <summary>Whether rows become columns.</summary>
    public static bool Transposes(int value) => value >= 5;

    /// <summary>The upright index of the first stored pixel.</summary>
    public int Start { get; }

    /// <summary>The step from a stored pixel to its right neighbour.</summary>
    public int StepRight { get; }

    /// <summary>The step from a stored pixel to the one below.</summary>
    public int StepDown { get; }
}
