using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Downloads;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Tests.Data.Labelled;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class BundledManifestTests
{
    [TestMethod]
    // SHA-256 as TensorFlow Datasets and torchvision's ports publish them.
    [DataRow("mnist", ManifestFormat.Idx, 1, 28, 10, 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609")]
    [DataRow(
        "cifar-10",
        ManifestFormat.CifarArchive,
        3,
        32,
        10,
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
    )]
    [DataRow(
        "opencv-digits",
        ManifestFormat.CellSheet,
        1,
        20,
        10,
        721_129,
        "60c917758ef97cc090f35cd8e293e4de691ef942847da0ff80dedab33d57c662"
    )]
    [DataRow(
        "emoji-google",
        ManifestFormat.EmojiArchive,
        3,
        32,
        9,
        74_344_091,
        "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438"
    )]
    [DataRow(
        "emoji-twitter",
        ManifestFormat.EmojiArchive,
        3,
        32,
        9,
        61_683_754,
        "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877"
    )]
    public void A_data_set_is_found_by_name_with_its_format_size_and_hash(
        string name,
        ManifestFormat format,
        int channels,
        int side,
        int classes,
        int bytes,
        string sha256
    )
    {
        var manifest = DataManifest.Find(name);

        var split = manifest.Train;
        Assert.AreEqual((format, channels, side, side), (split.Images.Format, split.Channels, split.Height, split.Width));
        Assert.HasCount(classes, manifest.Labels);
        Assert.AreEqual((bytes, sha256), (split.Images.Size, split.Images.Sha256));
        Assert.AreEqual("https", split.Images.Url!.Scheme);
        Assert.AreEqual((split.Channels, split.Height, split.Width), (manifest.Test.Channels, manifest.Test.Height, manifest.Test.Width));
        Assert.AreEqual(format is ManifestFormat.EmojiArchive, manifest.Validation is not null);
    }

    [TestMethod]
    public void Both_artists_have_the_same_categories_so_that_one_can_judge_a_network_of_the_other()
    {
        Assert.AreSequenceEqual(DataManifest.Find("emoji-google").Labels, DataManifest.Find("emoji-twitter").Labels);
        Assert.AreSequenceEqual(DataManifest.Find("mnist").Labels, DataManifest.Find("opencv-digits").Labels);
    }

    [TestMethod]
    public void An_archive_of_records_is_fetched_checked_and_read()
    {
        using var folder = new TemporaryFolder();
        const int record = 1 + 3 * 32 * 32;
        byte[] Batch(int rows, int first) =>
            [.. Enumerable.Range(0, rows * record).Select(i => (byte)(i % record == 0 ? (first + i / record) % 10 : i % 251))];
        var archive = TarArchive.Of(("b/data_batch_1.bin", Batch(40, 0)), ("b/test_batch.bin", Batch(10, 3)));
        using var server = new FileServer((request, _) => FileServer.Content(request, archive));
        var text = File.ReadAllText(DataManifest.Find("cifar-10").Path)
            .Replace("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", $"{new Uri(server.Address, "cifar.tar.gz")}")
            .Replace("170052171 B", $"{archive.Length} B")
            .Replace("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", ContentHash.Of(archive));
        File.WriteAllText(folder["croissant.json"], text);

        new DataSetDownload(DataManifest.Read(folder["croissant.json"]), folder["files"], new Silence())
            .RunAsync()
            .GetAwaiter()
            .GetResult();
        var data = ManifestSource.Load(
            new MLContext(seed: 1),
            folder["croissant.json"],
            new DataOptions { ValidationFraction = 0.25, DataRoot = folder["files"] }
        );

        Assert.AreEqual((30L, 10L, 10L), (data.TrainCount, data.ValidationCount, data.TestCount));
        Assert.AreEqual((3, 32, 32), (data.Channels, data.Height, data.Width));
        Assert.AreSequenceEqual(
            new[] { "cat", "deer", "dog", "frog", "horse", "ship", "truck", "airplane", "automobile", "bird" },
            data.Test.GetColumn<string>("Label").ToArray()
        );
    }

    sealed class Silence : IDownloadObserver
    {
        public void Note(string line) { }

        public void Begin(long bytes) { }

        public void Progress(ManifestFile file, long present, long received) { }
    }
}
