using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Images;

/// <summary>A JPEG file is whole, or refused: libjpeg fills what is missing with grey, and Skia calls that a success.</summary>
[TestClass]
public sealed class WholeJpegTests
{
    static readonly ImageDecoder s_decoder = new(new ImageShape(3, 24, 40));

    public static IEnumerable<object[]> Names => SmallFiles.Jpegs.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Whole_files_of_every_kind_are_read_alike(string name)
    {
        var header = s_decoder.Decode(SmallFiles.Jpegs[name], new byte[s_decoder.Shape.Length]);

        Assert.AreEqual((40, 24, 3), (header.Width, header.Height, header.Channels));
        // One picture in all of them: a decoder that took the wrong scans for one would show another.
        var difference = s_decoder
            .Decode(SmallFiles.Jpegs[name])
            .Zip(s_decoder.Decode(SmallFiles.Baseline), (a, b) => Math.Abs(a - b))
            .Average();
        Assert.IsLessThan(22, difference);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_file_that_is_cut_is_refused_with_or_without_an_end_marker(string name)
    {
        var whole = SmallFiles.Jpegs[name];
        var data = JpegEdits.StartOfData(whole);
        for (var part = 0; part < 16; part++)
        {
            AssertRefused(whole[..(whole.Length * part / 16)]);
            var end = data + (whole.Length - 2 - data) * part / 16;
            AssertRefused([.. whole[..end], .. JpegEdits.EndOfImage]);
        }
        AssertRefused(whole[..^1]);
        AssertRefused(whole[..^2]);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Zeros_in_place_of_coded_data_are_refused(string name)
    {
        var whole = SmallFiles.Jpegs[name];
        var data = JpegEdits.StartOfData(whole);
        for (var part = 0; part < 15; part++)
        {
            var start = data + (whole.Length - 2 - data) * part / 16;
            AssertRefused(JpegEdits.With(whole, start, new byte[whole.Length - 2 - start]));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_height_that_the_data_do_not_fill_is_refused(string name)
    {
        foreach (var factor in new[] { 4, 2, 0.3 })
            AssertRefused(JpegEdits.WithClaimedHeight(SmallFiles.Jpegs[name], factor));
    }

    [TestMethod]
    [DataRow(nameof(SmallFiles.Progressive))]
    [DataRow(nameof(SmallFiles.ProgressiveRestarts))]
    [DataRow(nameof(SmallFiles.NotInterleaved))]
    public void A_file_without_one_of_its_scans_is_refused(string name)
    {
        var whole = SmallFiles.Jpegs[name];
        var scans = JpegEdits.Find(whole, marker => marker == 0xDA).Count;
        Assert.IsGreaterThanOrEqualTo(3, scans);
        for (var scan = 0; scan < scans; scan++)
            AssertRefused(JpegEdits.WithoutScan(whole, scan));
    }

    [TestMethod]
    [DataRow(nameof(SmallFiles.Restarts))]
    [DataRow(nameof(SmallFiles.ProgressiveRestarts))]
    public void Restart_markers_that_are_missing_or_out_of_order_are_refused(string name)
    {
        var whole = SmallFiles.Jpegs[name];
        var restarts = JpegEdits.Find(whole, marker => marker is >= 0xD0 and <= 0xD7);
        Assert.IsGreaterThanOrEqualTo(2, restarts.Count);

        AssertRefused(JpegEdits.With(whole, restarts[0] + 1, 0xD5));
        AssertRefused([.. whole[..restarts[0]], .. whole[restarts[1]..]]);
        AssertRefused([.. whole[..restarts[0]], .. whole[(restarts[0] + 2)..]]);
    }

    [TestMethod]
    public void What_other_programs_leave_in_whole_files_is_accepted()
    {
        var whole = SmallFiles.Baseline;
        var frame = JpegEdits.Find(whole, marker => marker == 0xC0)[0];
        byte[][] oddities =
        [
            [.. whole, .. "anything"u8],
            [.. whole, .. SmallFiles.Progressive],
            JpegEdits.Insert(whole, frame, 0xFF, 0xFF),
            JpegEdits.Insert(whole, whole.Length - 2, 0xFF),
            JpegEdits.Insert(whole, whole.Length - 2, 0xFF, 0xD0),
        ];
        foreach (var file in oddities)
            Assert.AreEqual(ImageNotes.None, AssertSameAs(whole, file));

        Assert.AreEqual(ImageNotes.StrayBytes, AssertSameAs(whole, JpegEdits.Insert(whole, whole.Length - 2, 1)));
        Assert.AreEqual(ImageNotes.StrayBytes, AssertSameAs(whole, JpegEdits.Insert(whole, whole.Length - 2, new byte[8])));
        Assert.AreEqual(ImageNotes.StrayBytes, AssertSameAs(whole, JpegEdits.Insert(whole, frame, new byte[50])));
        AssertRefused(JpegEdits.Insert(whole, whole.Length - 2, new byte[9]));
    }

    [TestMethod]
    public void Kinds_that_Skia_guesses_at_are_refused_with_a_remedy()
    {
        var frame = JpegEdits.Find(SmallFiles.Baseline, marker => marker == 0xC0)[0];

        Assert.Contains("arithmetic codes", AssertRefused(SmallFiles.Arithmetic, ImageRefusalKind.Unsupported));
        Assert.Contains("lossless", AssertRefused(JpegEdits.With(SmallFiles.Baseline, frame + 1, 0xC3), ImageRefusalKind.Unsupported));
        Assert.Contains(
            "12 bits a sample",
            AssertRefused(JpegEdits.With(SmallFiles.Baseline, frame + 4, 12), ImageRefusalKind.Unsupported)
        );
        Assert.Contains("no Huffman table", AssertRefused(JpegEdits.Without(SmallFiles.Baseline, 0xC4), ImageRefusalKind.Unsupported));
        Assert.Contains("save it as RGB", AssertRefused(JpegEdits.Without(SmallFiles.Cmyk, 0xEE), ImageRefusalKind.Unsupported));
        Assert.AreEqual(ImageNotes.Cmyk, s_decoder.Check(SmallFiles.Cmyk).Notes);
    }

    [TestMethod]
    public void A_file_of_very_many_scans_is_refused_before_it_is_decoded()
    {
        var whole = SmallFiles.Progressive;
        var scan = JpegEdits.Find(whole, marker => marker == 0xDA)[0];
        var data = JpegEdits.StartOfData(whole);
        // The same first scan again and again: the second one does not continue the first.
        byte[] file = [.. whole[..^2], .. Enumerable.Repeat(whole[scan..data], 300).SelectMany(bytes => bytes), .. JpegEdits.EndOfImage];

        AssertRefused(file);
    }

    static ImageNotes AssertSameAs(byte[] whole, byte[] file)
    {
        var pixels = new byte[s_decoder.Shape.Length];
        var notes = s_decoder.Decode(file, pixels).Notes;
        Assert.AreSequenceEqual(s_decoder.Decode(whole), pixels);
        return notes;
    }

    static string AssertRefused(byte[] file, ImageRefusalKind? kind = null)
    {
        var pixels = Enumerable.Repeat((byte)77, s_decoder.Shape.Length).ToArray();
        Assert.IsFalse(s_decoder.TryDecode(file, pixels, out _, out var refusal));
        // Nothing half decoded is left for a caller that does not look.
        Assert.AreEqual(0, pixels.Max());
        Assert.IsTrue(kind is null || kind == refusal.Kind, refusal.Reason);
        return refusal.Reason;
    }
}
