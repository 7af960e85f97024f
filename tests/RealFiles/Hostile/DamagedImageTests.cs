using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>Damaged images, and small files that claim to be large.</summary>
[TestClass]
public sealed class DamagedImageTests
{
    readonly MLContext _ml = new(seed: 1);

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(".png")]
    [DataRow(".jpg")]
    [DataRow(".gif")]
    [DataRow(".bmp")]
    [DataRow(".webp")]
    public void Images(string ending)
    {
        var whole = Whole(ending);
        Corpus(ending)
            .Run(
                whole,
                [.. Damage.Cuts(ending, whole), .. Damage.Bytes(ending, whole, 4 * HostileCorpus.Count, seed: 7), .. Bombs(ending)]
            );
    }

    HostileCorpus Corpus(string ending) => new(TestContext, $"images ({ending})", "image" + ending, Read);

    /// <summary>The hash of the pixels, as the command line, training and <c>ml.Images</c> see them.</summary>
    string Read(string path)
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { Path = path }]);
        var pixels = _ml.Images.Load("Pixels", "Path", 20, 24).Fit(rows).Transform(rows).GetColumn<float[]>("Pixels").Single();
        return Convert.ToHexString(SHA256.HashData([.. pixels.Select(pixel => (byte)pixel)]));
    }

    static byte[] Whole(string ending) =>
        ending switch
        {
            ".png" => ImageFiles.Png(40, 30, (x, y) => ((byte)(6 * x), (byte)(8 * y), (byte)(x * y))),
            ".jpg" => SmallFiles.Progressive,
            ".gif" => SmallFiles.Gif,
            ".bmp" => SmallFiles.Bmp,
            _ => ImageFormatTests.EncodeWebP(40, 30, (x, y) => new((byte)(6 * x), (byte)(8 * y), (byte)(x * y)), quality: 80),
        };

    static IEnumerable<HostileFile> Bombs(string ending) =>
        ending switch
        {
            ".png" => Pngs(),
            ".jpg" => Jpegs(),
            ".gif" => [new("a canvas of 65535 x 65535", JpegEdits.With(SmallFiles.Gif, 6, 0xFF, 0xFF, 0xFF, 0xFF))],
            ".bmp" => [new("65536 x 65536 pixels", JpegEdits.With(SmallFiles.Bmp, 18, 0, 0, 1, 0, 0, 0, 1, 0))],
            _ => [],
        };

    static IEnumerable<HostileFile> Pngs()
    {
        var zeros = new byte[50_000_000];
        yield return new("50,000 x 50,000 pixels in a few bytes", PngFiles.Write(50_000, 50_000, 1, 0, zeros.AsSpan(0, 100)));
        yield return new("16,000 x 16,000 pixels that are all there", PngFiles.Write(16_000, 16_000, 1, 0, zeros.AsSpan(0, 16_000 * 2001)));
        yield return new("7,000 x 7,000 pixels, just below the limit", PngFiles.Write(7_000, 7_000, 8, 0, zeros.AsSpan(0, 7_000 * 7_001)));
        var text = PngFiles.Chunk("zTXt", [.. "Comment\0\0"u8, .. PngFiles.Compress(zeros)]);
        yield return new("300 MB of text", PngFiles.Write(1, 1, 8, 0, [0, 9], Enumerable.Repeat(text, 6)));
        var profile = PngFiles.Chunk("iCCP", [.. "profile\0\0"u8, .. PngFiles.Compress(zeros)]);
        yield return new("a colour profile of 50 MB", PngFiles.Write(1, 1, 8, 0, [0, 9], profile));
        var empty = PngFiles.Chunk("tEXt", []);
        yield return new("100,000 empty chunks", PngFiles.Write(1, 1, 8, 0, [0, 9], Enumerable.Repeat(empty, 100_000)));
    }

    static IEnumerable<HostileFile> Jpegs()
    {
        var whole = SmallFiles.Progressive;
        yield return new("65,535 x 65,535 pixels", ImageFiles.WithClaimedSize(whole, 65_535, 65_535));
        var start = JpegEdits.Find(whole, marker => marker == 0xDA)[^1];
        var scans = Enumerable.Repeat(whole[start..^2], 5_000).SelectMany(bytes => bytes);
        yield return new("5,000 scans", [.. whole[..^2], .. scans, .. JpegEdits.EndOfImage]);
        yield return new(
            "5,000 scans of 5,000 x 5,000 pixels",
            [.. ImageFiles.WithClaimedSize(whole, 5_000, 5_000)[..^2], .. scans, .. JpegEdits.EndOfImage]
        );
    }

    sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
