using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Tests.Images;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class ImageFileViewTests
{
    static readonly ImageDecoder s_decoder = new(new ImageShape(3, 4, 4), new ImageLimits());

    [TestMethod]
    public void Files_come_in_the_order_given_under_the_names_given()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder.Write("b.png", ImageFiles.Png(1)), folder.Write("a.png", ImageFiles.Png(2))];

        var view = new ImageFileView(files, s_decoder);

        Assert.AreEqual(2L, view.GetRowCount());
        Assert.AreSequenceEqual(files, view.GetColumn<string>("Id").ToArray());
        Assert.AreSequenceEqual(
            s_decoder.Decode(File.ReadAllBytes(files[1])).Select(value => (float)value).ToArray(),
            view.GetColumn<float[]>("Pixels").ElementAt(1)
        );
    }

    [TestMethod]
    public void An_unreadable_file_is_an_error_that_names_it_or_a_counted_skip()
    {
        using var folder = new TemporaryFolder();
        string[] files =
        [
            folder.Write("a.png", ImageFiles.Png(1)),
            folder.Write("cut.jpg", ImageFiles.QuarteredJpeg()[..^50]),
            folder["lost.png"],
            folder.Write("b.png", ImageFiles.Png(2)),
        ];

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            new ImageFileView(files, s_decoder).GetColumn<float[]>("Pixels").Count()
        );
        Assert.StartsWith($"{files[1]}: the JPEG file is truncated", error.Message);

        var view = new ImageFileView(files, s_decoder, skipUnreadable: true);
        Assert.IsNull(view.GetRowCount());
        // The same rows whichever column is read, and a file counts once however often it is tried.
        Assert.AreSequenceEqual(new[] { files[0], files[3] }, view.GetColumn<string>("Id").ToArray());
        Assert.AreEqual(2, view.GetColumn<float[]>("Pixels").Count());
        Assert.AreSequenceEqual(new[] { files[1], files[2] }, view.Skipped.Keys.Order(StringComparer.Ordinal).ToArray());
    }
}
