using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>
/// A larger, black canvas with the image at a random place, among square crops of other images. Where they overlap, the lighter pixel
/// shows. With digits of MNIST this is the cluttered MNIST of Mnih et al. (arXiv 1406.6247).
/// </summary>
/// <param name="CanvasSize">The height and width of the canvas, in pixels.</param>
/// <param name="Pieces">The number of crops.</param>
/// <param name="PieceSize">The height and width of a crop, in pixels.</param>
public sealed record ClutterNuisance([Range(2, 4096)] int CanvasSize, [Range(0, 1000)] int Pieces = 8, [Range(1, 4096)] int PieceSize = 8)
    : NuisanceDefinition
{
    /// <inheritdoc cref="ClutterNuisance"/>
    public int CanvasSize { get; } =
        CanvasSize is >= 2 and <= 4096
            ? CanvasSize
            : throw new ArgumentOutOfRangeException(nameof(CanvasSize), CanvasSize, "The canvas is 2 to 4096 pixels high and wide.");

    /// <inheritdoc cref="ClutterNuisance"/>
    public int Pieces { get; } =
        Pieces is >= 0 and <= 1000 ? Pieces : throw new ArgumentOutOfRangeException(nameof(Pieces), Pieces, "There are 0 to 1000 pieces.");

    /// <inheritdoc cref="ClutterNuisance"/>
    public int PieceSize { get; } =
        PieceSize is >= 1 and <= 4096
            ? PieceSize
            : throw new ArgumentOutOfRangeException(nameof(PieceSize), PieceSize, "A piece is 1 to 4096 pixels high and wide.");

    /// <inheritdoc/>
    public override string Name => "clutter";

    /// <inheritdoc/>
    public override bool TakesOtherImages => Pieces > 0;

    /// <inheritdoc/>
    public override ImageShape ShapeOf(ImageShape image)
    {
        if (CanvasSize <= Math.Max(image.Height, image.Width))
            throw new ArgumentException(
                $"A canvas of {CanvasSize} pixels has no room around an image of {image.Height} x {image.Width}; make it larger."
            );
        if (Pieces > 0 && PieceSize > Math.Min(image.Height, image.Width))
            throw new ArgumentException(
                $"No crop of {PieceSize} pixels fits into an image of {image.Height} x {image.Width}; make the pieces smaller."
            );
        return image with { Height = CanvasSize, Width = CanvasSize };
    }

    internal override int Apply(
        ReadOnlySpan<float> image,
        ImageShape shape,
        IReadOnlyList<float[]> others,
        in RowStream random,
        Span<float> result
    )
    {
        result.Clear();
        var canvas = ShapeOf(shape);
        for (var piece = 0; piece < Pieces; piece++)
        {
            var number = 1 + 3 * (uint)piece;
            var other = others[Choose(random.Uniforms(number, 0).First, others.Count)];
            var (fromTop, fromLeft) = random.Uniforms(number + 1, 0);
            var (toTop, toLeft) = random.Uniforms(number + 2, 0);
            Paste(
                other,
                shape,
                (Choose(fromTop, shape.Height - PieceSize + 1), Choose(fromLeft, shape.Width - PieceSize + 1)),
                (PieceSize, PieceSize),
                result,
                canvas,
                (Choose(toTop, CanvasSize - PieceSize + 1), Choose(toLeft, CanvasSize - PieceSize + 1))
            );
        }
        var (vertical, horizontal) = random.Uniforms(0, 0);
        var (top, left) = (Choose(vertical, CanvasSize - shape.Height + 1), Choose(horizontal, CanvasSize - shape.Width + 1));
        Paste(image, shape, (0, 0), (shape.Height, shape.Width), result, canvas, (top, left));
        return NuisancePlace.Of(top, left, (shape.Height, shape.Width), CanvasSize, CanvasSize);
    }

    static void Paste(
        ReadOnlySpan<float> source,
        ImageShape shape,
        (int Top, int Left) from,
        (int Height, int Width) size,
        Span<float> canvas,
        ImageShape canvasShape,
        (int Top, int Left) to
    )
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        for (var y = 0; y < size.Height; y++)
        {
            var line = source.Slice(channel * shape.Area + (from.Top + y) * shape.Width + from.Left, size.Width);
            var target = canvas.Slice(channel * canvasShape.Area + (to.Top + y) * canvasShape.Width + to.Left, size.Width);
            for (var x = 0; x < size.Width; x++)
                target[x] = Math.Max(target[x], line[x]);
        }
    }
}
