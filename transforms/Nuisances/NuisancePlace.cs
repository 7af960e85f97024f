namespace NoisyNN.Transforms.Nuisances;

/// <summary>The place of a nuisance in an image: one of nine equal parts, which holds the middle of the square or of the object.</summary>
public static class NuisancePlace
{
    /// <summary>The parts, row by row.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right"];

    /// <summary>The part that holds the middle of a square.</summary>
    /// <param name="top">The square's first row.</param>
    /// <param name="left">The square's first column.</param>
    /// <param name="size">The square's height and width.</param>
    /// <param name="height">The height of the image.</param>
    /// <param name="width">The width of the image.</param>
    internal static int Of(int top, int left, (int Height, int Width) size, int height, int width) =>
        3 * Third(2 * top + size.Height, height) + Third(2 * left + size.Width, width);

    /// <param name="twice">Twice the middle, in pixels.</param>
    /// <param name="length">The length of the side.</param>
    static int Third(int twice, int length) => Math.Clamp(3 * twice / (2 * length), 0, 2);
}
