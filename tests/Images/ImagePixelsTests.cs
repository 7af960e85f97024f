using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Columns;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Images;

/// <summary><c>ml.Images.Load</c>: paths or contents in, the decoder's pixels out.</summary>
[TestClass]
public sealed class ImagePixelsTests
{
    static readonly MLContext s_ml = new(seed: 1);

    [TestMethod]
    public void Paths_and_contents_give_the_decoders_pixels()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.jpg", SmallFiles.Baseline);
        folder.Write("b.gif", SmallFiles.Gif);
        var rows = s_ml.Data.LoadFromEnumerable<ImageRow>([new("a.jpg", SmallFiles.Baseline), new("b.gif", SmallFiles.Gif)]);
        var decoder = new ImageDecoder(new ImageShape(3, 10, 12));
        float[][] expected =
        [
            .. new[] { SmallFiles.Baseline, SmallFiles.Gif }.Select(file => decoder.Decode(file).Select(value => (float)value).ToArray()),
        ];

        var byPath = s_ml.Images.Load("Pixels", "Path", 10, 12, rootFolder: folder.Path).Fit(rows).Transform(rows);
        var byContent = s_ml.Images.Load("Pixels", "Content", 10, 12).Fit(rows).Transform(rows);

        foreach (var view in new[] { byPath, byContent })
        {
            Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, 10, 12), view.Schema["Pixels"].Type);
            var pixels = view.GetColumn<float[]>("Pixels").ToArray();
            Assert.AreSequenceEqual(expected[0], pixels[0]);
            Assert.AreSequenceEqual(expected[1], pixels[1]);
        }
    }

    [TestMethod]
    [DataRow("Path", 3, false, PixelLayout.Planar)]
    [DataRow("Content", 3, false, PixelLayout.Planar)]
    [DataRow("Path", 1, false, PixelLayout.Planar)]
    [DataRow("Content", 3, true, PixelLayout.Interleaved)]
    [DataRow("Path", 1, true, PixelLayout.Interleaved)]
    public void A_saved_model_reads_the_same_pixels_and_keeps_its_schema(string input, int channels, bool bytes, PixelLayout layout)
    {
        using var folder = new TemporaryFolder();
        folder.Write("it's a \"photo\".jpg", SmallFiles.Progressive);
        var rows = s_ml.Data.LoadFromEnumerable<ImageRow>([new("it's a \"photo\".jpg", PngFiles.Write(1, 1, 8, 6, [0, 255, 0, 0, 128]))]);
        var model = s_ml
            .Images.Load(
                new()
                {
                    InputColumnName = input,
                    RootFolder = folder.Path,
                    Height = 6,
                    Width = 9,
                    Channels = channels,
                    OutputAsBytes = bytes,
                    Decoder = new() { Layout = layout, Background = (0, 0, 255) },
                }
            )
            .Fit(rows);

        using var file = new MemoryStream();
        s_ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        var loaded = new MLContext(seed: 2).Model.Load(file, out _);

        var (before, after) = (model.Transform(rows), loaded.Transform(rows));
        Assert.AreEqual(before.Schema["Pixels"].Type, after.Schema["Pixels"].Type);
        Assert.AreSequenceEqual(
            before.Schema.Select(column => column.Name).ToArray(),
            after.Schema.Where(column => !column.IsHidden).Select(column => column.Name).ToArray()
        );
        if (bytes)
            Assert.AreSequenceEqual(before.GetColumn<byte[]>("Pixels").Single(), after.GetColumn<byte[]>("Pixels").Single());
        else
            Assert.AreSequenceEqual(before.GetColumn<float[]>("Pixels").Single(), after.GetColumn<float[]>("Pixels").Single());
    }

    [TestMethod]
    public void A_single_row_goes_through_a_prediction_engine()
    {
        var rows = s_ml.Data.LoadFromEnumerable<ImageRow>([]);
        var model = s_ml.Images.Load("Pixels", "Content", 1, 1).Fit(rows);
        using var engine = s_ml.Model.CreatePredictionEngine<ImageRow, PixelRow>(model);

        Assert.AreSequenceEqual(
            new[] { 255f, 127f, 127f },
            engine.Predict(new("", PngFiles.Write(1, 1, 8, 6, [0, 255, 0, 0, 128]))).Pixels
        );
    }

    [TestMethod]
    public void An_image_that_cannot_be_read_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cut.jpg", SmallFiles.Baseline[..200]);
        var rows = s_ml.Data.LoadFromEnumerable<ImageRow>([
            new("lost.png", SmallFiles.Baseline),
            new("cut.jpg", SmallFiles.Baseline[..200]),
        ]);
        var byPath = s_ml.Images.Load("Pixels", "Path", 4, 4, rootFolder: folder.Path).Fit(rows).Transform(rows);
        var byContent = s_ml.Images.Load("Pixels", "Content", 4, 4).Fit(rows).Transform(rows);

        Assert.Contains(
            folder["lost.png"],
            Assert.ThrowsExactly<InvalidDataException>(() => byPath.GetColumn<float[]>("Pixels").Count()).Message
        );
        var cut = s_ml.Data.SkipRows(byPath, 1);
        Assert.StartsWith(
            $"{folder["cut.jpg"]}: the JPEG file is truncated",
            Assert.ThrowsExactly<InvalidDataException>(() => cut.GetColumn<float[]>("Pixels").Count()).Message
        );
        Assert.StartsWith(
            "Column 'Content', row 1: the JPEG file is truncated",
            Assert.ThrowsExactly<InvalidDataException>(() => byContent.GetColumn<float[]>("Pixels").Count()).Message
        );
        // Whoever does not ask for pixels reads no file.
        Assert.AreEqual(2, byPath.GetColumn<string>("Path").Count());
    }

    [TestMethod]
    public void Wrong_columns_and_sizes_are_refused_at_once()
    {
        var rows = s_ml.Data.LoadFromEnumerable<ImageRow>([]);

        Assert.Contains(
            "'Nowhere'",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Images.Load("Pixels", "Nowhere", 4, 4).Fit(rows)).Message
        );
        Assert.Contains(
            "'Number'",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Images.Load("Pixels", "Number", 4, 4).Fit(rows)).Message
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Images.Load("Pixels", "Path", 0, 4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Images.Load("Pixels", "Path", 4, 4, channels: 4));
    }

    sealed record ImageRow(string Path, byte[] Content)
    {
        public ImageRow()
            : this("", []) { }

        public string Path { get; set; } = Path;

        public byte[] Content { get; set; } = Content;

        public float Number { get; set; }
    }

    sealed class PixelRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
