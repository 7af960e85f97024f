using System.Numerics;
using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Images.Decoding;

/// <summary>Colours of decoded pixels (red, green, blue, alpha; a byte each), changed in place.</summary>
static class PixelColours
{
    /// <summary>Draws pixels on a background. Their colours are not multiplied by alpha.</summary>
    public static void Compose(Span<byte> rgba, (byte Red, byte Green, byte Blue) background)
    {
        for (var i = 0; i < rgba.Length; i += 4)
        {
            var alpha = rgba[i + 3];
            if (alpha == 255)
                continue;
            rgba[i] = Mix(rgba[i], background.Red, alpha);
            rgba[i + 1] = Mix(rgba[i + 1], background.Green, alpha);
            rgba[i + 2] = Mix(rgba[i + 2], background.Blue, alpha);
        }

        static byte Mix(byte colour, byte behind, byte alpha) => (byte)((colour * alpha + behind * (255 - alpha) + 127) / 255);
    }

    /// <summary>The luma of ITU-R BT.601, packed to the front: one byte a pixel.</summary>
    /// <returns>The lumas.</returns>
    public static Span<byte> ToGrey(Span<byte> rgba)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(rgba);
        var greys = rgba[..(rgba.Length / 4)];
        var i = 0;
        for (; BitConverter.IsLittleEndian && i <= pixels.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var step = Vector<uint>.Count;
            var low = Vector.Narrow(Luma(new Vector<uint>(pixels[i..])), Luma(new Vector<uint>(pixels[(i + step)..])));
            var high = Vector.Narrow(Luma(new Vector<uint>(pixels[(i + 2 * step)..])), Luma(new Vector<uint>(pixels[(i + 3 * step)..])));
            // The write position never overtakes the read position.
            Vector.Narrow(low, high).CopyTo(greys[i..]);
        }
        for (; i < pixels.Length; i++)
            greys[i] = (byte)((77 * rgba[4 * i] + 150 * rgba[4 * i + 1] + 29 * rgba[4 * i + 2] + 128) >> 8);
        return greys;
    }

    static Vector<uint> Luma(Vector<uint> pixel)
    {
        var (red, green, blue) = (pixel & new Vector<uint>(255), pixel >>> 8 & new Vector<uint>(255), pixel >>> 16 & new Vector<uint>(255));
        return (red * 77u + green * 150u + blue * 29u + new Vector<uint>(128)) >>> 8;
    }
}
