using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Tests.Images;

/// <summary>Training, <c>score</c> and a pipeline in code see the same bytes; tests/Samples shows it of the server.</summary>
[TestClass]
public sealed class OneDecoderTests
{
    /// <summary>Transparent, turned, and large: where ways to load images differ most.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } =
        new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["transparent.png"] = PngFiles.Write(2, 2, 8, 6, [0, 255, 0, 0, 128, 0, 255, 0, 0, 0, 10, 20, 30, 255, 200, 100, 50, 64]),
            ["turned.jpg"] = ImageFiles.WithOrientation(ImageFiles.QuarteredJpeg(), 6, littleEndian: false),
            ["large.jpg"] = ImageFiles.Encode(
                ".jpg",
                900,
                700,
                (x, y) => ((byte)(x / 4), (byte)(y / 3), (byte)((x / 9 + y / 7) % 2 * 255))
            ),
        };

    [TestMethod]
    public void Training_score_and_a_pipeline_in_code_read_the_same_pixels()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Files)
        {
            folder.Write($"train/a/{name}", content);
            folder.Write($"train/b/{name}", [.. content, 0]);
            folder.Write($"test/a/{name}", [.. content, 1]);
            folder.Write($"test/b/{name}", [.. content, 2]);
        }
        var ml = new MLContext(seed: 1);

        var training = ImageFolder.Load(ml, folder.Path, new ImageFolderOptions { Height = 20, Width = 28 }).Test;
        var ids = training.GetColumn<string>("Id").ToArray();
        var scoring = new ImageFileView([.. ids.Select(id => folder[id])], new ImageDecoder(new ImageShape(3, 20, 28), new ImageLimits()));
        var rows = ml.Data.LoadFromEnumerable(ids.Select(id => new Row { Path = id }).ToArray());
        var pipeline = ml.Images.Load("Pixels", "Path", 20, 28, rootFolder: folder.Path).Fit(rows).Transform(rows);

        var expected = training.GetColumn<float[]>("Pixels").ToArray();
        Assert.HasCount(6, expected);
        Assert.AreSequenceEqual(
            expected.SelectMany(row => row).ToArray(),
            scoring.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray()
        );
        Assert.AreSequenceEqual(
            expected.SelectMany(row => row).ToArray(),
            pipeline.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray()
        );
        Assert.IsTrue(expected.All(row => row.Max() > row.Min() + 100));
    }

    [TestMethod]
    public void Scaled_decoding_is_part_of_the_datas_identity()
    {
        using var folder = new TemporaryFolder();
        foreach (var number in Enumerable.Range(0, 10))
            folder.Write($"{(number % 2 == 0 ? "a" : "b")}/{number}.png", ImageFiles.Png(number));
        var ml = new MLContext(seed: 1);

        var full = ImageFolder.Load(ml, folder.Path, new ImageFolderOptions { ImageSize = 4 });
        var scaled = ImageFolder.Load(ml, folder.Path, new ImageFolderOptions { ImageSize = 4, ScaledDecoding = true });

        Assert.AreNotEqual(full.Sha256, scaled.Sha256);
    }

    [TestMethod]
    public void A_folder_says_which_of_its_images_are_animations()
    {
        using var folder = new TemporaryFolder();
        foreach (var number in Enumerable.Range(0, 10))
            folder.Write($"{(number % 2 == 0 ? "a" : "b")}/{number}.png", ImageFiles.Png(number));
        folder.Write("a/moving.gif", SmallFiles.AnimatedGif);

        var data = ImageFolder.Load(new MLContext(seed: 1), folder.Path, new ImageFolderOptions { ImageSize = 4 });

        Assert.AreEqual("1 files are animations; only their first frames are used (first: a/moving.gif).", data.Warnings.Single());
    }

    sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
