using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>
/// Where each colour of a pixel stands in a vector, and by how much each is moved: the chosen colours, in the chosen order, as planes or
/// pixel by pixel.
/// </summary>
internal readonly struct ColorChannels
{
    public ColorChannels(ImagePixelExtractingEstimator.ColorBits colors, ImagePixelExtractingEstimator.ColorsOrder order)
    {
        Alpha = Red = Green = Blue = -1;
        foreach (var letter in order.ToString())
        {
            switch (letter)
            {
                case 'A' when colors.HasFlag(ImagePixelExtractingEstimator.ColorBits.Alpha):
                    Alpha = Count++;
                    break;
                case 'R' when colors.HasFlag(ImagePixelExtractingEstimator.ColorBits.Red):
                    Red = Count++;
                    break;
                case 'G' when colors.HasFlag(ImagePixelExtractingEstimator.ColorBits.Green):
                    Green = Count++;
                    break;
                case 'B' when colors.HasFlag(ImagePixelExtractingEstimator.ColorBits.Blue):
                    Blue = Count++;
                    break;
            }
        }
        if (Count == 0)
            throw new ArgumentOutOfRangeException(nameof(colors), "Need to use at least one color plane");
    }

    /// <summary>The place of the colour among the chosen ones, or -1.</summary>
    public int Alpha { get; }

    public int Red { get; }

    public int Green { get; }

    public int Blue { get; }

    public int Count { get; }

    /// <summary>For each chosen colour the byte of a pixel that holds it.</summary>
    public int[] BytesOf(MLPixelFormat format)
    {
        var bytes = new int[Count];
        Set(bytes, Alpha, 3);
        Set(bytes, Red, format == MLPixelFormat.Bgra32 ? 2 : 0);
        Set(bytes, Green, 1);
        Set(bytes, Blue, format == MLPixelFormat.Bgra32 ? 0 : 2);
        return bytes;
    }

    private static void Set(int[] bytes, int channel, int value)
    {
        if (channel >= 0)
            bytes[channel] = value;
    }
}
