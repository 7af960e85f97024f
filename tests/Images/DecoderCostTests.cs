using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Images;

/// <summary>
/// What decoding costs: nothing before the limits are checked, next to nothing afterwards; scaled decoding costs a little exactness.
/// </summary>
[TestClass]
public sealed class DecoderCostTests
{
    public static IEnumerable<object[]> Bombs =>
        [
            ["PNG, 1 bit", PngFiles.Write(50_000, 50_000, 1, 0, new byte[100])],
            ["PNG, colours", PngFiles.Write(50_000, 50_000, 8, 2, new byte[100])],
            ["JPEG", ImageFiles.WithClaimedSize(ImageFiles.QuarteredJpeg(), 65_500, 65_500)],
            ["JPEG, progressive", ImageFiles.WithClaimedSize(SmallFiles.Progressive, 65_500, 65_500)],
            ["GIF", JpegEdits.With(SmallFiles.Gif, 6, 0xFF, 0xFF, 0xFF, 0xFF)],
            ["BMP", JpegEdits.With(SmallFiles.Bmp, 18, 0x60, 0xEA, 0, 0, 0x60, 0xEA, 0, 0)],
            // 16,384 pixels each way are the most that the header of a lossless image can say.
            ["WebP", WebPOf16kPixels],
        ];

    static byte[] WebPOf16kPixels => [.. "RIFF"u8, 26, 0, 0, 0, .. "WEBPVP8L"u8, 14, 0, 0, 0, 0x2F, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[9]];

    [TestMethod]
    [DynamicData(nameof(Bombs))]
    public void An_image_that_claims_too_many_pixels_is_refused_by_its_header(string name, byte[] bomb)
    {
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8));
        var pixels = new byte[192];
        decoder.TryDecode(bomb, pixels, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsFalse(decoder.TryDecode(bomb, pixels, out var header, out var refusal), name);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.AreEqual(ImageRefusalKind.TooLarge, refusal.Kind, refusal.Reason);
        Assert.Contains("more than the limit of 50000000; it was not decoded", refusal.Reason);
        Assert.IsGreaterThan(16_000, header.Width);
        Assert.IsLessThan(10_000, allocated);
    }

    [TestMethod]
    public void A_JPEG_larger_than_Skia_opens_is_refused_before_its_coefficients_are_allocated()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8));
        var bomb = ImageFiles.WithClaimedSize(SmallFiles.Progressive, 65_535, 65_535);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsFalse(decoder.TryDecode(bomb, new byte[192], out _, out var refusal));

        Assert.AreEqual(ImageRefusalKind.TooLarge, refusal.Kind, refusal.Reason);
        Assert.Contains("its header claims 65535 x 65535 pixels, more than the limit of 50000000", refusal.Reason);
        // Its coefficients would take 25 GB.
        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Limits_can_be_set()
    {
        var decoder = new ImageDecoder(
            new ImageShape(3, 8, 8),
            new ImageDecoderOptions
            {
                Limits = new() { PixelCount = 40 * 24 - 1, FileLength = 600 },
            }
        );

        Assert.IsFalse(decoder.TryDecode(SmallFiles.Baseline, new byte[192], out _, out var pixels));
        Assert.Contains("40 x 24 pixels, more than the limit of 959", pixels.Reason);
        Assert.IsFalse(decoder.TryDecode(SmallFiles.Progressive, new byte[192], out _, out var length));
        Assert.AreEqual(
            new ImageRefusal(ImageRefusalKind.TooLarge, $"the file has {SmallFiles.Progressive.Length} bytes, more than the limit of 600"),
            length
        );
    }

    [TestMethod]
    public void Decoding_into_pixels_that_are_given_allocates_nothing_that_grows_with_the_image()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 32, 32));
        var files = new[] { Photograph(800, 600), SmallFiles.Progressive, SmallFiles.Gif, ImageFiles.Png(3) };
        var pixels = new byte[decoder.Shape.Length];
        foreach (var file in files)
            decoder.Decode(file, pixels);

        foreach (var file in files)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Decode(file, pixels);
            Assert.IsLessThan(1_500, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    public void Many_threads_share_a_decoder()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 24, 40));
        byte[][] files = [.. SmallFiles.Jpegs.Values, SmallFiles.Gif, SmallFiles.Bmp];
        var expected = files.Select(file => decoder.Decode(file)).ToArray();

        Parallel.For(0, 400, i => Assert.AreSequenceEqual(expected[i % files.Length], decoder.Decode(files[i % files.Length])));
    }

    [TestMethod]
    [DataRow(1600, 1200, 100, true)]
    [DataRow(801, 799, 30, true)]
    [DataRow(803, 601, 140, false)]
    [DataRow(300, 4000, 70, false)]
    public void Scaled_decoding_stays_within_half_a_grey_level_and_is_noted(int width, int height, int size, bool isScaled)
    {
        var file = Photograph(width, height);
        var full = new ImageDecoder(new ImageShape(3, size, size)).Decode(file);
        var scaled = new byte[full.Length];

        var header = new ImageDecoder(new ImageShape(3, size, size), new ImageDecoderOptions { ScaledDecoding = true }).Decode(
            file,
            scaled
        );

        Assert.AreEqual(isScaled, header.Notes.HasFlag(ImageNotes.Scaled));
        Assert.AreEqual((width, height), (header.Width, header.Height));
        var difference = full.Zip(scaled, (a, b) => Math.Abs(a - b)).Average();
        if (isScaled)
            Assert.IsGreaterThan(0, difference);
        else
            Assert.AreEqual(0, difference);
        Assert.IsLessThan(0.5, difference);
    }

    [TestMethod]
    public void A_turned_photograph_is_scaled_by_its_upright_size()
    {
        var file = ImageFiles.WithOrientation(Photograph(1600, 400), 6, littleEndian: true);
        var shape = new ImageShape(3, 200, 50);

        var scaled = new byte[shape.Length];
        var header = new ImageDecoder(shape, new ImageDecoderOptions { ScaledDecoding = true }).Decode(file, scaled);

        Assert.AreEqual((400, 1600), (header.Width, header.Height));
        Assert.IsTrue(header.Notes.HasFlag(ImageNotes.Scaled));
        Assert.IsLessThan(0.5, new ImageDecoder(shape).Decode(file).Zip(scaled, (a, b) => Math.Abs(a - b)).Average());
    }

    [TestMethod]
    public void Interleaved_pixels_are_the_planar_ones_in_another_order()
    {
        var planar = new ImageDecoder(new ImageShape(3, 5, 7)).Decode(SmallFiles.Baseline);
        var interleaved = new ImageDecoder(new ImageShape(3, 5, 7), new ImageDecoderOptions { Layout = PixelLayout.Interleaved }).Decode(
            SmallFiles.Baseline
        );

        Assert.AreSequenceEqual(planar, Enumerable.Range(0, 105).Select(i => interleaved[i % 35 * 3 + i / 35]).ToArray());
    }

    /// <summary>Shapes, edges and noise, as a photograph has them.</summary>
    static byte[] Photograph(int width, int height)
    {
        var random = new Random(1);
        return ImageFiles.Encode(
            ".jpg",
            width,
            height,
            (x, y) =>
            {
                var value =
                    120
                    + 60 * Math.Sin(x * 0.011)
                    + 40 * Math.Cos(y * 0.017)
                    + ((x / 41 + y / 37) % 3 == 0 ? 30 : 0)
                    + 12 * random.NextDouble();
                return (Byte(value), Byte(value * 0.8 + 20), Byte(200 - value * 0.5));
            }
        );

        static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);
    }
}
