using System.IO.Compression;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Formats;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>A small picture for a page, red, green and blue interleaved.</summary>
sealed record Picture(int Width, int Height, byte[] Colours)
{
    static readonly (double Red, double Green, double Blue)[] s_heat =
    [
        (255, 255, 255),
        (247, 214, 168),
        (221, 140, 72),
        (164, 66, 26),
        (58, 18, 8),
    ];

    /// <summary>An image, grey or in colour, no larger than a page shows it.</summary>
    /// <param name="planes">C x H x W bytes.</param>
    /// <param name="shape">Their size.</param>
    /// <param name="maximum">The longest side.</param>
    public static Picture Of(byte[] planes, ImageShape shape, int maximum)
    {
        var shrink = Math.Max(1, Math.Max(shape.Height, shape.Width) / (double)maximum);
        var (height, width) = ((int)Math.Round(shape.Height / shrink), (int)Math.Round(shape.Width / shrink));
        var shown = ImageResampling.Resize(planes, shape, height, width);
        var colours = new byte[3 * height * width];
        for (var i = 0; i < colours.Length; i++)
            colours[i] = shown[(shape.Channels == 3 ? i % 3 * height * width : 0) + i / 3];
        return new Picture(width, height, colours);
    }

    /// <summary>A map of values, from white at 0 to the darkest colour at the maximum.</summary>
    /// <param name="values">[height, width], at least 0.</param>
    /// <param name="maximum">What the darkest colour means.</param>
    public static Picture OfHeat(float[,] values, double maximum)
    {
        var (height, width) = (values.GetLength(0), values.GetLength(1));
        var colours = new byte[3 * height * width];
        for (var i = 0; i < height * width; i++)
        {
            var (red, green, blue) = Heat(maximum > 0 ? values[i / width, i % width] / maximum : 0);
            (colours[3 * i], colours[3 * i + 1], colours[3 * i + 2]) = (red, green, blue);
        }
        return new Picture(width, height, colours);
    }

    /// <summary>A strip of all colours of a map, the least on the left.</summary>
    public static Picture Scale { get; } = OfHeat(Ramp(64), 63);

    /// <summary>The picture as a PNG file inside an address, so that a page need not load it.</summary>
    public string ToDataUri()
    {
        using var compressed = new MemoryStream();
        using (var lines = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var y = 0; y < Height; y++)
            {
                lines.WriteByte(0); // The line is not predicted from its neighbours.
                lines.Write(Colours, 3 * y * Width, 3 * Width);
            }
        return "data:image/png;base64," + Convert.ToBase64String(PngFile.Write(Width, Height, colourType: 2, compressed.ToArray()));
    }

    static (byte Red, byte Green, byte Blue) Heat(double share)
    {
        var position = Math.Clamp(share, 0, 1) * (s_heat.Length - 1);
        var low = Math.Min((int)position, s_heat.Length - 2);
        var (from, to, part) = (s_heat[low], s_heat[low + 1], position - low);
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(double a, double b) => (byte)Math.Round(a + (b - a) * part);
    }

    static float[,] Ramp(int length)
    {
        var ramp = new float[1, length];
        for (var i = 0; i < length; i++)
            ramp[0, i] = i;
        return ramp;
    }
}
