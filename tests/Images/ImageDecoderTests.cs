using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Images.Formats;

namespace NoisyNN.Tests.Images;

[TestClass]
public sealed class ImageDecoderTests
{
    static readonly ImageLimits s_limits = new();

    [TestMethod]
    public void A_png_comes_out_planar_in_red_green_blue()
    {
        var png = ImageFiles.Png(3, 2, (x, y) => ((byte)(10 * x), (byte)(100 + y), (byte)(200 + x + y)));

        var planes = new ImageDecoder(new ImageShape(3, 2, 3), s_limits).Decode(png);

        Assert.AreSequenceEqual(new byte[] { 0, 10, 20, 0, 10, 20, 100, 100, 100, 101, 101, 101, 200, 201, 202, 201, 202, 203 }, planes);
    }

    [TestMethod]
    public void One_channel_is_luma_and_leaves_grey_as_it_is()
    {
        var decoder = new ImageDecoder(new ImageShape(1, 1, 3), s_limits);

        var luma = decoder.Decode(
            ImageFiles.Png(
                3,
                1,
                (x, _) =>
                    x switch
                    {
                        0 => ImageFiles.Red,
                        1 => ImageFiles.Green,
                        _ => ImageFiles.Blue,
                    }
            )
        );
        Assert.AreSequenceEqual(new byte[] { 77, 149, 29 }, luma);

        for (var grey = 0; grey < 256; grey += 5)
        {
            var value = (byte)grey;
            Assert.AreSequenceEqual(new[] { value, value, value }, decoder.Decode(ImageFiles.Png(3, 1, (_, _) => (value, value, value))));
        }
    }

    [TestMethod]
    [DataRow((byte)255, 255, 0, 0)]
    [DataRow((byte)0, 255, 255, 255)]
    [DataRow((byte)128, 255, 127, 127)]
    public void Transparency_shows_white(byte alpha, int red, int green, int blue)
    {
        var planes = new ImageDecoder(new ImageShape(3, 1, 1), s_limits).Decode(ImageFiles.PngWithAlpha(255, 0, 0, alpha));

        // Decoders that multiply by alpha round once more.
        Assert.AreEqual(red, planes[0], 1.0);
        Assert.AreEqual(green, planes[1], 1.0);
        Assert.AreEqual(blue, planes[2], 1.0);
    }

    // The quarters of the stored image are R G over B W; how they lie when seen upright follows from EXIF's table of row 0 and column 0.
    [TestMethod]
    [DataRow(1, "RGBW")]
    [DataRow(2, "GRWB")]
    [DataRow(3, "WBGR")]
    [DataRow(4, "BWRG")]
    [DataRow(5, "RBGW")]
    [DataRow(6, "BRWG")]
    [DataRow(7, "WGBR")]
    [DataRow(8, "GWRB")]
    [DataRow(9, "RGBW")]
    public void A_photograph_is_turned_upright(int orientation, string quarters)
    {
        foreach (var littleEndian in new[] { true, false })
        {
            var jpeg = ImageFiles.WithOrientation(ImageFiles.QuarteredJpeg(), (ushort)orientation, littleEndian);

            var planes = new ImageDecoder(new ImageShape(3, 2, 2), s_limits).Decode(jpeg);

            Assert.AreEqual(quarters, string.Concat(Enumerable.Range(0, 4).Select(i => Name(planes[i], planes[i + 4], planes[i + 8]))));
        }

        static char Name(byte r, byte g, byte b) =>
            (r > 127, g > 127, b > 127) switch
            {
                (true, true, true) => 'W',
                (true, _, _) => 'R',
                (_, true, _) => 'G',
                _ => 'B',
            };
    }

    [TestMethod]
    public void A_format_is_told_by_content_and_not_by_name()
    {
        Assert.AreEqual(
            new ImageHeader(ImageFormats.Jpeg, 32, 16, 1, 3, ImageNotes.None),
            ImageDecoder.ReadHeader(ImageFiles.QuarteredJpeg())
        );

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.ReadHeader("an image, really"u8));
        Assert.Contains("not a PNG, JPEG, WebP, BMP or GIF image", error.Message);
        Assert.Contains(
            "the GIF file",
            Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.ReadHeader("GIF89a, really"u8)).Message
        );
        Assert.Contains("empty", Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.ReadHeader([])).Message);
    }

    [TestMethod]
    public void A_decompression_bomb_is_refused_by_its_header()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8), s_limits);
        byte[][] bombs =
        [
            PngFile.Write(50_000, 50_000, colourType: 2, new byte[100]),
            ImageFiles.WithClaimedSize(ImageFiles.QuarteredJpeg(), 65_000, 65_000),
        ];
        foreach (var bomb in bombs)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.ThrowsExactly<InvalidDataException>(() => decoder.Decode(bomb));
            Assert.Contains("more than the limit of 50000000; it was not decoded", error.Message);
            Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    public void A_file_above_the_limit_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("large.png", new byte[1001]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            new ImageDecoder(new ImageShape(3, 8, 8), new ImageLimits { FileLength = 1000 }).ReadFile(path)
        );

        Assert.Contains("1001 bytes, more than the limit of 1000", error.Message);
    }

    [TestMethod]
    [DataRow(".png")]
    [DataRow(".jpg")]
    public void A_file_cut_off_at_any_sixteenth_is_refused_and_never_half_shown(string ending)
    {
        var decoder = new ImageDecoder(new ImageShape(3, 16, 32), s_limits);
        var whole = ImageFiles.Encode(ending, 64, 64, (x, y) => ((byte)(x * 4), (byte)(y * 4), (byte)(x * y)));
        Assert.HasCount(3 * 16 * 32, decoder.Decode(whole));

        for (var part = 0; part < 16; part++)
            Assert.ThrowsExactly<InvalidDataException>(() => decoder.Decode(whole.AsSpan(..(whole.Length * part / 16))));
        Assert.ThrowsExactly<InvalidDataException>(() => decoder.Decode(whole.AsSpan(..^1)));
    }

    [TestMethod]
    [DataRow(".png")]
    [DataRow(".jpg")]
    public void A_flipped_bit_is_an_error_or_another_picture_and_never_a_crash(string ending)
    {
        var decoder = new ImageDecoder(new ImageShape(3, 4, 4), s_limits);
        var whole = ImageFiles.Encode(ending, 16, 16, (x, y) => ((byte)(x * 16), (byte)(y * 16), 77));
        var original = decoder.Decode(whole);
        var random = new Random(1);

        for (var i = 0; i < 400; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                var planes = decoder.Decode(damaged);
                // Checksums guard all of a PNG that matters.
                if (ending == ".png")
                    Assert.AreSequenceEqual(original, planes);
            }
            catch (InvalidDataException error)
            {
                Assert.IsFalse(string.IsNullOrWhiteSpace(error.Message));
            }
        }
    }
}
