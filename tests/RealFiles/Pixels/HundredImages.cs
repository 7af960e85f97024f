using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.RealFiles.Pixels;

/// <summary>A hundred images of the kinds on which programs that load images differ. Each has other pixels.</summary>
static class HundredImages
{
    public static IReadOnlyDictionary<string, byte[]> Files { get; } =
        Kinds().SelectMany(kind => kind).ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);

    static IEnumerable<IEnumerable<(string Name, byte[] Content)>> Kinds()
    {
        yield return Numbered("opaque", ".png", 6, number => ImageFiles.Png(9 + 5 * number, 31 - 4 * number, Colour(number)));
        yield return Numbered("transparent", ".png", 12, number => Png(7 + number, 9, depth: 8, colourType: 6, number));
        yield return Numbered("palette", ".png", 8, number => Palette(1 << (number % 4), isTransparent: number > 3, number));
        yield return Numbered("grey", ".png", 10, number => Png(16, 8, depth: 1 << (number % 5), colourType: 0, number));
        yield return Numbered("grey-with-alpha", ".png", 4, number => Png(11, 12, number % 2 == 0 ? 8 : 16, colourType: 4, number));
        yield return Numbered("16-bit", ".png", 8, number => Png(10, 13, depth: 16, number % 2 == 0 ? (byte)2 : (byte)6, number));
        yield return Numbered("jpeg", ".jpg", 4, number => ImageFiles.Encode(".jpg", 33, 17 + number, Colour(number)));
        yield return Numbered("turned", ".jpg", 16, Turned);
        yield return Numbered("striped", ".png", 10, number => ImageFiles.Png(60 + number, 90 - number, Stripes(1 + number)));
        yield return Numbered("thin", ".png", 5, number => Thin([(1, 1), (1, 200), (300, 1), (2, 150), (90, 2)], number));
        yield return Numbered("large", ".jpg", 2, number => ImageFiles.Encode(".jpg", 1900 - 300 * number, 1100, Colour(number)));
        yield return Numbered("cmyk", ".jpg", 4, number => ImageFiles.WithOrientation(SmallFiles.Cmyk, (ushort)(1 + 2 * number), true));
        yield return
        [
            ("restarts.jpg", SmallFiles.Restarts),
            ("progressive.jpg", SmallFiles.Progressive),
            ("progressive-restarts.jpg", SmallFiles.ProgressiveRestarts),
            ("not-interleaved.jpg", SmallFiles.NotInterleaved),
            ("upside-down.jpg", ImageFiles.WithOrientation(SmallFiles.Baseline, 3, littleEndian: true)),
        ];
        yield return Numbered("webp", ".webp", 2, WebP);
        yield return
        [
            ("palette.gif", SmallFiles.Gif),
            ("partial.gif", SmallFiles.PartialGif),
            ("palette.bmp", SmallFiles.Bmp),
            ("moving.webp", SmallFiles.AnimatedWebP),
        ];
    }

    static IEnumerable<(string, byte[])> Numbered(string kind, string ending, int count, Func<int, byte[]> make) =>
        Enumerable.Range(0, count).Select(number => ($"{kind}-{number:00}{ending}", make(number)));

    static Func<int, int, (byte, byte, byte)> Colour(int number) =>
        (x, y) => ((byte)(40 + 7 * x + 30 * number), (byte)(200 - 5 * y + 13 * number), (byte)(x * y + 50 * number));

    /// <summary>Lines of one pixel, upright, level or slanted, where each way to make images smaller gives other values.</summary>
    static Func<int, int, (byte, byte, byte)> Stripes(int number) =>
        (x, y) =>
            (
                number % 3 == 0 ? x
                : number % 3 == 1 ? y
                : x + y
            ) % (2 + number / 3)
            == 0
                ? ImageFiles.White
                : ((byte)(12 * number), (byte)0, (byte)90);

    /// <summary>Each of the eight orientations in each order of bytes.</summary>
    static byte[] Turned(int number) =>
        ImageFiles.WithOrientation(
            ImageFiles.Encode(".jpg", 40, 24, Colour(number)),
            (ushort)(1 + number / 2),
            littleEndian: number % 2 == 0
        );

    static byte[] Thin((int Width, int Height)[] sizes, int number) =>
        ImageFiles.Png(sizes[number].Width, sizes[number].Height, Colour(number));

    static byte[] WebP(int number) =>
        ImageFormatTests.EncodeWebP(24, 20, (x, y) => new((byte)(x * 9), (byte)(y * 11), (byte)(90 * number)), quality: 100 - 30 * number);

    static byte[] Palette(int depth, bool isTransparent, int number)
    {
        var entries = 1 << depth;
        var colours = Enumerable.Range(0, 3 * entries).Select(i => (byte)(i * 83 + 29 * number)).ToArray();
        var alphas = Enumerable.Range(0, entries).Select(i => (byte)(255 - 251 * i / entries)).ToArray();
        return PngFiles.Write(
            16,
            6,
            (byte)depth,
            colourType: 3,
            Lines(16 * depth / 8, 6, number),
            isTransparent ? [PngFiles.Chunk("PLTE", colours), PngFiles.Chunk("tRNS", alphas)] : [PngFiles.Chunk("PLTE", colours)]
        );
    }

    static byte[] Png(int width, int height, int depth, byte colourType, int number)
    {
        var samples = colourType switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        return PngFiles.Write(width, height, (byte)depth, colourType, Lines(width * samples * depth / 8, height, number));
    }

    /// <summary>Lines of random bytes, each behind the byte that says that it has no filter.</summary>
    static byte[] Lines(int length, int count, int seed)
    {
        var lines = new byte[(1 + length) * count];
        new Random(seed).NextBytes(lines);
        for (var line = 0; line < count; line++)
            lines[line * (1 + length)] = 0;
        return lines;
    }
}
