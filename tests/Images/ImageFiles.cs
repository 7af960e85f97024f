using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images.Formats;

namespace NoisyNN.Tests.Images;

/// <summary>Encoded images made at test time.</summary>
static class ImageFiles
{
    public static readonly (byte R, byte G, byte B) Red = (255, 0, 0),
        Green = (0, 255, 0),
        Blue = (0, 0, 255),
        White = (255, 255, 255);

    /// <summary>An opaque image, encoded by ML.NET in the format that the ending names.</summary>
    public static byte[] Encode(string ending, int width, int height, Func<int, int, (byte R, byte G, byte B)> colourAt)
    {
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = colourAt(i % width, i / width) is var (r, g, b)
                ? (r, g, b, (byte)255)
                : default;
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ending);
        try
        {
            using (var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels))
                image.Save(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static byte[] Png(int width, int height, Func<int, int, (byte R, byte G, byte B)> colourAt) =>
        Encode(".png", width, height, colourAt);

    /// <summary>A PNG of one colour; the number makes its content one of a kind.</summary>
    public static byte[] Png(int number) => Png(8, 8, (x, y) => ((byte)number, (byte)(number >> 8), (byte)(x + y)));

    /// <summary>Quarters of 16 x 8 pixels each: red, green above blue, white.</summary>
    public static byte[] QuarteredJpeg() =>
        Encode(
            ".jpg",
            32,
            16,
            (x, y) =>
                (x < 16, y < 8) switch
                {
                    (true, true) => Red,
                    (false, true) => Green,
                    (true, false) => Blue,
                    _ => White,
                }
        );

    /// <summary>A PNG with alpha, written by hand because encoders may multiply colours by it.</summary>
    public static byte[] PngWithAlpha(byte r, byte g, byte b, byte a)
    {
        var lines = new MemoryStream();
        using (var deflate = new ZLibStream(lines, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write([0, r, g, b, a]);
        return PngFile.Write(1, 1, colourType: 6, lines.ToArray());
    }

    /// <summary>Puts an EXIF segment with the orientation behind the start marker of a JPEG file.</summary>
    public static byte[] WithOrientation(byte[] jpeg, ushort orientation, bool littleEndian)
    {
        var tiff = new byte[8 + 2 + 12 + 4];
        (littleEndian ? "II"u8 : "MM"u8).CopyTo(tiff);
        Short(2, 42);
        Long(4, 8);
        Short(8, 1);
        Short(10, 0x0112);
        Short(12, 3);
        Long(14, 1);
        Short(18, orientation);
        byte[] payload = [.. "Exif\0\0"u8, .. tiff];
        byte[] segment = [0xFF, 0xE1, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload];
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];

        void Short(int offset, ushort value)
        {
            if (littleEndian)
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(offset), value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(offset), value);
        }

        void Long(int offset, uint value)
        {
            if (littleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(offset), value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(offset), value);
        }
    }

    /// <summary>A JPEG file whose header claims another size than its data has.</summary>
    public static byte[] WithClaimedSize(byte[] jpeg, ushort width, ushort height)
    {
        var changed = (byte[])jpeg.Clone();
        for (var i = 2; ; i += 2 + BinaryPrimitives.ReadUInt16BigEndian(changed.AsSpan(i + 2)))
        {
            if (changed[i + 1] is not (0xC0 or 0xC1 or 0xC2))
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(i + 5), height);
            BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(i + 7), width);
            return changed;
        }
    }
}
