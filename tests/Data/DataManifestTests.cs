using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class DataManifestTests
{
    [TestMethod]
    public void Fashion_mnist_is_found_by_name_with_four_files_and_ten_classes()
    {
        var manifest = DataManifest.Find("fashion-mnist");

        Assert.HasCount(10, manifest.Labels);
        Assert.AreEqual("Ankle boot", manifest.Labels[9]);
        Assert.AreEqual(28, manifest.Train.Height);
        Assert.IsNull(manifest.Validation);
        var images = manifest.Train.Images;
        Assert.AreEqual(26_421_856, images.Size);
        Assert.AreEqual("b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7", images.Sha256);
        Assert.AreEqual(
            new DebianLocation("dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"),
            images.Debian
        );
        Assert.AreEqual("github.com", images.Url!.Host);
    }

    [TestMethod]
    public void The_fingerprint_is_what_sha256sum_gives_over_the_sorted_listing()
    {
        // sha256sum *.gz | LC_ALL=C sort | sha256sum, in /usr/share/datasets/fashion-mnist.
        Assert.AreEqual("ee780564c240e61cd335049a164f4a814c68b8b746448ddf0659d377b2c3b08e", DataManifest.Find("fashion-mnist").Sha256);
    }

    [TestMethod]
    [DataRow("\"sha256\": \"", "\"md5\": \"", "$.distribution[0] lacks \"sha256\"")]
    [DataRow("\"sha256\": \"", "\"sha256\": \"xyz", "$.distribution[0].sha256 must be 64 hexadecimal digits")]
    [DataRow("\"contentSize\": \"", "\"contentSize\": \"about ", "$.distribution[0].contentSize must be the exact number of bytes")]
    [DataRow("\"cr:FileObject\"", "\"cr:FileSet\"", "$.distribution[0]['@type'] must be \"cr:FileObject\"")]
    [DataRow(
        "\"@id\": \"train-labels\", \"name\"",
        "\"@id\": \"train-images\", \"name\"",
        "$.distribution[1]['@id'] repeats \"train-images\""
    )]
    [DataRow("\"name\": \"train-labels.gz\"", "\"name\": \"train-images.gz\"", "$.distribution[1].name repeats \"train-images.gz\"")]
    [DataRow("croissant/1.1", "croissant/7", "$.conformsTo must name")]
    [DataRow("\"labels/index\": 1,", "\"labels/index\": 7,", "$.recordSet[1].data[1]['labels/index'] must number the classes 0 to 1")]
    [DataRow("\"dog\"", "\"cat\"", "$.recordSet[1].data[1]['labels/name'] repeats \"cat\"")]
    [DataRow("{ \"fileObject\": { \"@id\": \"test-labels\" } }", "{ \"fileObject\": { \"@id\": \"nowhere\" } }", "refers to \"nowhere\"")]
    [DataRow("\"2,3\"", "\"2 by 3\"", "arrayShape must be height and width")]
    [DataRow("\"cr:TestSplit\"", "\"cr:OtherSplit\"", "$.recordSet[0].data[1]['splits/url'] must be cr:TrainingSplit")]
    [DataRow("\"value\": \"test\"", "\"value\": \"exam\"", "belongs to the split \"exam\"")]
    [DataRow("\"name\": \"tiny\"", "\"name\": \"tiny\", \"name\": \"twice\"", "not valid JSON")]
    [DataRow("\"name\": \"tiny\"", "\"name\": 3", "$.name must be a text, not 3")]
    public void A_malformed_manifest_is_refused_with_its_file_and_the_json_path(string text, string replacement, string complaint)
    {
        using var dataSet = new IdxDataSet();
        dataSet.WriteManifest(manifest => ReplaceFirst(manifest, text, replacement));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Read(dataSet.ManifestPath));

        Assert.StartsWith(dataSet.ManifestPath, error.Message);
        Assert.Contains(complaint, error.Message);
    }

    [TestMethod]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"../../etc/passwd\"")]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"/etc/passwd\"")]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"a/./b\"")]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"C:\\\\secret\"")]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"file:///etc/passwd\"")]
    [DataRow("\"contentUrl\": \"train-images.gz\"", "\"contentUrl\": \"x\\u0000y\"")]
    [DataRow("\"name\": \"train-images.gz\"", "\"name\": \"../train-images.gz\"")]
    [DataRow("\"name\": \"train-images.gz\"", "\"name\": \"..\"")]
    [DataRow("\"name\": \"tiny\"", "\"name\": \"../../tiny\"")]
    [DataRow(
        "\"contentUrl\": \"train-images.gz\"",
        "\"sameAs\": \"pkg:deb/debian/x#usr/../etc/passwd\", \"contentUrl\": \"train-images.gz\""
    )]
    public void A_path_that_leads_elsewhere_is_refused(string text, string replacement)
    {
        using var dataSet = new IdxDataSet();
        dataSet.WriteManifest(manifest => ReplaceFirst(manifest, text, replacement));

        Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Read(dataSet.ManifestPath));
    }

    [TestMethod]
    public void A_name_that_nobody_knows_is_answered_with_those_that_are_known()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => DataManifest.Find("fashion-minst"));

        Assert.Contains("\"fashion-minst\"", error.Message);
        Assert.Contains("fashion-mnist", error.Message);
    }

    static string ReplaceFirst(string text, string part, string replacement)
    {
        var position = text.IndexOf(part, StringComparison.Ordinal);
        return position < 0 ? text : text[..position] + replacement + text[(position + part.Length)..];
    }
}
