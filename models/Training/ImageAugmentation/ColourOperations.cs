using System.Numerics.Tensors;

namespace NoisyNN.Models.Training.ImageAugmentation;

/// <summary>
/// RandAugment's operations on values, in place, on planar images in 0..255. None depends on where a pixel is, so they commute with
/// resampling.
/// </summary>
static class ColourOperations
{
    public const float White = 255;

    /// <param name="image">Pixels.</param>
    /// <param name="factor">1 leaves the image, 0 makes it black.</param>
    public static void Brightness(Span<float> image, float factor)
    {
        TensorPrimitives.Multiply(image, factor, image);
        TensorPrimitives.Min(image, White, image);
    }

    /// <summary>Moves values away from the image's mean grey, or towards it.</summary>
    /// <param name="image">Pixels.</param>
    /// <param name="channels">With three, the grey is that of ITU-R BT.601; otherwise the channels' mean.</param>
    /// <param name="factor">1 leaves the image, 0 makes it grey.</param>
    public static void Contrast(Span<float> image, int channels, float factor)
    {
        var offset = MeanGrey(image, channels) * (1 - factor);
        TensorPrimitives.Multiply(image, factor, image);
        TensorPrimitives.Add(image, offset, image);
        TensorPrimitives.Max(image, 0, image);
        TensorPrimitives.Min(image, White, image);
    }

    /// <summary>Stretches each channel to 0..255.</summary>
    public static void AutoContrast(Span<float> image, int channels)
    {
        var length = image.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = image.Slice(channel * length, length);
            var (least, most) = (TensorPrimitives.Min(plane), TensorPrimitives.Max(plane));
            if (most <= least)
                continue;
            TensorPrimitives.Subtract(plane, least, plane);
            TensorPrimitives.Multiply(plane, White / (most - least), plane);
        }
    }

    /// <summary>Keeps the highest bits of values of 8 bits.</summary>
    public static void Posterize(Span<float> image, int bits)
    {
        var step = (float)(1 << (8 - bits));
        TensorPrimitives.Multiply(image, 1 / step, image);
        TensorPrimitives.Floor(image, image);
        TensorPrimitives.Multiply(image, step, image);
    }

    /// <summary>Turns values from a threshold on into their negative.</summary>
    public static void Solarize(Span<float> image, float threshold)
    {
        for (var index = 0; index < image.Length; index++)
            image[index] = image[index] >= threshold ? White - image[index] : image[index];
    }

    static float MeanGrey(ReadOnlySpan<float> image, int channels)
    {
        var length = image.Length / channels;
        return channels == 3
            ? (
                0.299f * TensorPrimitives.Sum(image[..length])
                + 0.587f * TensorPrimitives.Sum(image.Slice(length, length))
                + 0.114f * TensorPrimitives.Sum(image[(2 * length)..])
            ) / length
            : TensorPrimitives.Sum(image) / image.Length;
    }
}
