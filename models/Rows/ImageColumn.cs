using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>What a pixel column says about its images.</summary>
static class ImageColumn
{
    const string Planar = "[channels, height, width]";

    const string Deinterleave =
        "make them planar: ExtractPixels does unless interleavePixelColors is set, ml.Images.Load unless its Layout is Interleaved";

    /// <summary>The shape of the images: [C, H, W], with height and width alike.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="imageSize">The size that the network was given; null if the column decides.</param>
    /// <param name="channels">The channels that the network was given; null if the column decides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column does not say it, or its images are not square or not planar.</exception>
    public static int[] ShapeOf(string name, VectorDataViewType type, int? imageSize, int? channels)
    {
        if (imageSize is { } size && channels is { } count)
            return [count, size, size];
        return type.Dimensions.AsSpan() switch
        {
            [var values] => OfFlat(name, values, imageSize, channels),
            [var height, var width] when height == width => [1, height, width],
            // One channel is planar and interleaved.
            [var height, var width, 1] when height == width && height > 1 => [1, height, width],
            [1 or 3 or 4, var height, var width] when height == width => [.. type.Dimensions],
            [var height, var width, 3 or 4] when height == width => throw Interleaved(name, type, $"pixels {Planar}"),
            [_, var height, var width] when height == width => [.. type.Dimensions],
            _ => throw Schema.Mismatch(
                "feature",
                name,
                $"square images, pixels {Planar}",
                Describe(type),
                "resize the images to a square, or give the column its dimensions"
            ),
        };
    }

    /// <summary>Whether a column's dimensions are those of planar pixels, or of one channel, whose layouts are the same.</summary>
    public static bool Fits(VectorDataViewType type, int[] dimensions) =>
        type.Dimensions.SequenceEqual(dimensions)
        || (
            dimensions is [1, var height, var width]
            && (type.Dimensions.SequenceEqual([height, width]) || type.Dimensions.SequenceEqual([height, width, 1]))
        );

    /// <summary>The error of interleaved pixels; null if the column's are none.</summary>
    public static ArgumentOutOfRangeException? InterleavedError(string name, VectorDataViewType type, int[] dimensions) =>
        dimensions is [var channels, var height, var width] && type.Dimensions.SequenceEqual([height, width, channels])
            ? Interleaved(name, type, $"{string.Join(" x ", dimensions)} values (channels, height, width)")
            : null;

    static ArgumentOutOfRangeException Interleaved(string name, VectorDataViewType type, string expected) =>
        Schema.Mismatch("feature", name, expected, $"{Describe(type)}: interleaved pixels (height, width, channels)", Deinterleave);

    static int[] OfFlat(string name, int values, int? imageSize, int? channels)
    {
        if (imageSize is { } size && size > 0 && values % (size * size) == 0)
            return [values / (size * size), size, size];
        if (
            channels is { } count
            && count > 0
            && (int)Math.Round(Math.Sqrt(values / (double)count)) is var side
            && side * side * count == values
        )
            return [count, side, side];
        throw Schema.Mismatch(
            "feature",
            name,
            $"pixels {Planar}, from which the network takes its sizes",
            $"a flat vector of {values} values, whose layout is not known",
            "give the column its dimensions where it is made (ml.Images.Load and ExtractPixels do; in a class, [VectorType(3, 32, 32)]), "
                + "or set the network's ImageSize and Channels"
        );
    }

    static string Describe(VectorDataViewType type) => string.Join(" x ", type.Dimensions);
}
