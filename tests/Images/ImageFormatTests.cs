using System.Buffers.Binary;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using SkiaSharp;

namespace NoisyNN.Tests.Images;

/// <summary>PNG, WebP, BMP and GIF: what is read, what is noted, what is refused.</summary>
[TestClass]
public sealed class ImageFormatTests
{
    static readonly byte[] s_quarters = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

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
    public void A_png_is_turned_upright_wherever_its_exif_chunk_lies(int orientation, string quarters)
    {
        byte[] lines = [0, .. s_quarters[..6], 0, .. s_quarters[6..]];
        var exif = PngFiles.Chunk("eXIf", Tiff((ushort)orientation));
        var before = PngFiles.Write(2, 2, 8, 2, lines, exif);
        var plain = PngFiles.Write(2, 2, 8, 2, lines);
        byte[] behind = [.. plain[..^12], .. exif, .. plain[^12..]];

        foreach (var file in new[] { before, behind })
        {
            Assert.AreEqual(quarters, Quarters(file));
            Assert.AreEqual(orientation == 9 ? 1 : orientation, ImageDecoder.ReadHeader(file).Orientation);
        }
    }

    [TestMethod]
    [DataRow(6, "BRWG")]
    [DataRow(8, "GWRB")]
    public void A_webp_is_turned_upright(int orientation, string quarters)
    {
        var plain = EncodeWebP(
            2,
            2,
            (x, y) => new SKColor(s_quarters[6 * y + 3 * x], s_quarters[6 * y + 3 * x + 1], s_quarters[6 * y + 3 * x + 2])
        );
        byte[] extended = [0x08, 0, 0, 0, 1, 0, 0, 1, 0, 0];
        byte[] chunks = [.. "WEBP"u8, .. RiffChunk("VP8X", extended), .. plain[12..], .. RiffChunk("EXIF", Tiff((ushort)orientation))];

        Assert.AreEqual(quarters, Quarters(RiffChunk("RIFF", chunks)));
    }

    [TestMethod]
    public void Sixteen_bits_give_their_upper_eight()
    {
        var file = PngFiles.Write(2, 1, 16, 0, [0, 0x12, 0xF0, 0x80, 0xFF]);

        Assert.AreSequenceEqual(new byte[] { 0x12, 0x80 }, new ImageDecoder(new ImageShape(1, 1, 2)).Decode(file));
        Assert.AreEqual(ImageNotes.SixteenBits, ImageDecoder.ReadHeader(file).Notes & ImageNotes.SixteenBits);
    }

    [TestMethod]
    public void A_transparent_palette_is_composed_on_the_background()
    {
        var file = PngFiles.Write(
            2,
            1,
            8,
            3,
            [0, 0, 1],
            PngFiles.Chunk("PLTE", [200, 100, 50, 10, 20, 30]),
            PngFiles.Chunk("tRNS", [64, 255])
        );

        var white = new ImageDecoder(new ImageShape(3, 1, 2), new ImageDecoderOptions { Layout = PixelLayout.Interleaved }).Decode(file);
        var green = new ImageDecoder(
            new ImageShape(3, 1, 2),
            new ImageDecoderOptions { Layout = PixelLayout.Interleaved, Background = (0, 255, 0) }
        ).Decode(file);

        // 200 * 64 / 255 + 255 * 191 / 255, and so on.
        Assert.AreSequenceEqual(new byte[] { 241, 216, 204, 10, 20, 30 }, white);
        Assert.AreSequenceEqual(new byte[] { 50, 216, 13, 10, 20, 30 }, green);
        Assert.AreEqual(4, ImageDecoder.ReadHeader(file).Channels);
    }

    [TestMethod]
    public void A_png_whose_data_end_early_behind_right_checksums_is_refused()
    {
        var noise = new byte[64 * (1 + 3 * 64)];
        new Random(1).NextBytes(noise);
        for (var line = 0; line < 64; line++)
            noise[line * 193] = 0;
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8));
        decoder.Decode(PngFiles.Write(64, 64, 8, 2, noise));

        foreach (var share in new[] { 0, 1, 7, 15 })
            AssertRefused(PngFiles.Write(64, 64, 8, 2, noise.AsSpan(0, noise.Length * share / 16)), "PNG file is");
        AssertRefused(PngFiles.Write(64, 128, 8, 2, noise), "PNG file is");
    }

    [TestMethod]
    public void A_png_may_have_junk_behind_its_end_but_no_end_is_a_cut()
    {
        var whole = ImageFiles.Png(5);
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8));

        Assert.AreSequenceEqual(decoder.Decode(whole), decoder.Decode([.. whole, 1, 2, 3]));
        AssertRefused(whole[..^12], "truncated");
        AssertRefused(whole[..^4], "truncated");
    }

    [TestMethod]
    public void Transparency_that_is_damaged_is_not_left_out_silently()
    {
        var file = PngFiles.Write(1, 1, 8, 3, [0, 0], PngFiles.Chunk("PLTE", [200, 100, 50]), PngFiles.Chunk("tRNS", [64]));
        file[file.AsSpan().IndexOf("tRNS"u8) + 4] ^= 1;

        AssertRefused(file, "checksum");
    }

    [TestMethod]
    public void Lossy_and_lossless_webp_are_read_and_refused_when_cut()
    {
        var whole = EncodeWebP(40, 30, (x, y) => new SKColor((byte)(x * 6), (byte)(y * 8), 99), quality: 80);
        var decoder = new ImageDecoder(new ImageShape(3, 30, 40));
        var pixels = decoder.Decode(whole);

        Assert.AreEqual(120, pixels[15 * 40 + 20], 12.0);
        for (var part = 0; part < 16; part++)
            AssertRefused(whole[..(whole.Length * part / 16)]);
        AssertRefused(whole[..^1], "WebP file is truncated");

        var lossless = EncodeWebP(40, 30, (x, y) => new SKColor((byte)(x * 6), (byte)(y * 8), 99));
        Assert.AreEqual(120, decoder.Decode(lossless)[15 * 40 + 20]);
        AssertRefused(lossless[..^1], "WebP file is truncated");
    }

    [TestMethod]
    public void The_first_frame_of_an_animation_is_taken_and_noted()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 1, 1), new ImageDecoderOptions { Layout = PixelLayout.Interleaved });
        foreach (var file in new[] { SmallFiles.AnimatedGif, SmallFiles.AnimatedWebP })
        {
            var pixel = new byte[3];
            var header = decoder.Decode(file, pixel);

            Assert.AreSequenceEqual(new byte[] { 255, 0, 0 }, pixel);
            Assert.IsTrue(header.Notes.HasFlag(ImageNotes.Animation));
            // Also behind the first frame, a file that is cut is cut.
            AssertRefused(file[..^1], "truncated");
            AssertRefused(file[..(file.Length - 20)], "truncated");
        }
    }

    [TestMethod]
    public void A_gif_frame_that_does_not_cover_the_canvas_leaves_background()
    {
        var pixels = new byte[8 * 12];
        var header = new ImageDecoder(new ImageShape(1, 8, 12)).Decode(SmallFiles.PartialGif, pixels);

        Assert.AreEqual((12, 8), (header.Width, header.Height));
        Assert.IsTrue(header.Notes.HasFlag(ImageNotes.PartialFrame));
        Assert.AreEqual(24, pixels.Count(value => value == 29));
        Assert.AreEqual(72, pixels.Count(value => value == 255));
    }

    [TestMethod]
    public void A_gif_is_refused_when_it_is_cut_or_its_codes_end_early()
    {
        var whole = SmallFiles.Gif;
        new ImageDecoder(new ImageShape(3, 8, 8)).Decode(whole);
        for (var part = 0; part < 16; part++)
            AssertRefused(whole[..(whole.Length * part / 16)]);
        AssertRefused(whole[..^1], "truncated");

        // The first data block, shortened, with the terminator behind it: a whole file with half a picture.
        var frame = 13 + 3 * 16;
        while (whole[frame] != 0x2C)
            frame++;
        var data = frame + 11;
        foreach (var kept in new[] { 1, 50, whole[data] - 4 })
            AssertRefused(
                [.. whole[..data], (byte)kept, .. whole[(data + 1)..(data + 1 + kept)], 0, 0x3B],
                "truncated: its first frame ends at pixel"
            );
        AssertRefused(JpegEdits.With(whole, frame + 7, 200), "truncated: its first frame ends at pixel 960 of 8000");
        Assert.Contains("GIF file is", AssertRefused(JpegEdits.With(whole, data + 1, [.. Enumerable.Repeat((byte)0xFF, 60)])));
    }

    [TestMethod]
    public void A_bmp_is_read_and_refused_when_cut()
    {
        var decoder = new ImageDecoder(new ImageShape(3, 24, 40));
        var difference = decoder.Decode(SmallFiles.Bmp).Zip(decoder.Decode(SmallFiles.Baseline), (a, b) => Math.Abs(a - b)).Average();

        Assert.IsLessThan(40, difference);
        Assert.AreEqual(ImageFormats.Bmp, ImageDecoder.ReadHeader(SmallFiles.Bmp).Format);
        for (var part = 0; part < 16; part++)
            AssertRefused(SmallFiles.Bmp[..(SmallFiles.Bmp.Length * part / 16)]);
    }

    [TestMethod]
    public void Only_the_formats_that_are_asked_for_are_read()
    {
        var options = new ImageDecoderOptions { Formats = ImageFormats.Png | ImageFormats.Jpeg };
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8), options);

        decoder.Decode(ImageFiles.Png(3));
        Assert.IsFalse(decoder.TryDecode(SmallFiles.Gif, new byte[192], out _, out var refusal));
        Assert.AreEqual(new ImageRefusal(ImageRefusalKind.WrongFormat, "it is a GIF image; only PNG or JPEG is accepted"), refusal);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            new ImageDecoder(new ImageShape(3, 8, 8), options with { Formats = ImageFormats.None })
        );
    }

    static string Quarters(byte[] file)
    {
        var pixels = new ImageDecoder(new ImageShape(3, 2, 2), new ImageDecoderOptions { Layout = PixelLayout.Interleaved }).Decode(file);
        return string.Concat(
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    (pixels[3 * i] > 127, pixels[3 * i + 1] > 127, pixels[3 * i + 2] > 127) switch
                    {
                        (true, true, true) => 'W',
                        (true, _, _) => 'R',
                        (_, true, _) => 'G',
                        _ => 'B',
                    }
                )
        );
    }

    static string AssertRefused(byte[] file, string reason = "")
    {
        var decoder = new ImageDecoder(new ImageShape(3, 8, 8));
        var pixels = Enumerable.Repeat((byte)77, 192).ToArray();
        Assert.IsFalse(decoder.TryDecode(file, pixels, out _, out var refusal));
        Assert.AreEqual(0, pixels.Max());
        Assert.Contains(reason, refusal.Reason);
        return refusal.Reason;
    }

    static byte[] Tiff(ushort orientation) =>
        [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, (byte)(orientation >> 8), (byte)orientation, 0, 0, 0, 0, 0, 0];

    static byte[] RiffChunk(string type, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. type.Select(letter => (byte)letter), .. length, .. content, .. new byte[content.Length % 2]];
    }

    internal static byte[] EncodeWebP(int width, int height, Func<int, int, SKColor> colourAt, int quality = 100)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < width * height; i++)
            bitmap.SetPixel(i % width, i / width, colourAt(i % width, i / width));
        using var pixmap = bitmap.PeekPixels();
        using var data = pixmap.Encode(
            new SKWebpEncoderOptions(quality == 100 ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, quality)
        );
        return data.ToArray();
    }
}
