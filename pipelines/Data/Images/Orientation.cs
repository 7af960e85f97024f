namespace NoisyNN.Pipelines.Data;

/// <summary>
/// How to walk stored pixels so that they come out upright: the index of the first one, and the steps to the next one to the right and below.
/// The eight EXIF orientations are the eight symmetries of a rectangle.
/// </summary>
readonly struct Orientation
{
    public Orientation(int value, int storedWidth, int storedHeight)
    {
        var (right, down) = (storedWidth - 1, (storedHeight - 1) * storedWidth);
        (Start, StepRight, StepDown) = value switch
        {
            2 => (right, -1, storedWidth),
            3 => (down + right, -1, -storedWidth),
            4 => (down, 1, -storedWidth),
            5 => (0, storedWidth, 1),
            6 => (down, -storedWidth, 1),
            7 => (down + right, -storedWidth, -1),
            8 => (right, storedWidth, -1),
            _ => (0, 1, storedWidth),
        };
        (Width, Height) = value >= 5 ? (storedHeight, storedWidth) : (storedWidth, storedHeight);
    }

    public int Start { get; }

    public int StepRight { get; }

    public int StepDown { get; }

    /// <summary>Pixels of an upright row.</summary>
    public int Width { get; }

    /// <summary>Upright rows.</summary>
    public int Height { get; }
}
