using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class VerifiedFileTests
{
    [TestMethod]
    public void One_flipped_bit_is_refused_with_file_expected_actual_and_remedy()
    {
        using var folder = new TemporaryFolder();
        var manifest = DataManifest.Find("fashion-mnist");
        var file = manifest.Test.Labels;
        var content = File.ReadAllBytes(FileLocator.Find(manifest, file));
        content[1000] ^= 0x10;
        var path = folder.Write(file.Name, content);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VerifiedFile.Read(manifest, file, folder.Path));

        Assert.StartsWith(path, error.Message);
        Assert.Contains($"sha256 expected {file.Sha256}, actual {ContentHash.Of(content)}", error.Message);
        Assert.Contains("apt-get install --reinstall dataset-fashion-mnist", error.Message);
    }

    [TestMethod]
    public void A_file_that_is_too_short_is_refused_by_its_size()
    {
        using var dataSet = new IdxDataSet();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        var size = manifest.Train.Images.Size;
        dataSet.WriteFile("train-images.gz", File.ReadAllBytes(dataSet["train-images.gz"])[..^7]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VerifiedFile.Read(manifest, manifest.Train.Images));

        Assert.Contains($"size expected {size} bytes, actual {size - 7} bytes", error.Message);
    }

    [TestMethod]
    public void A_missing_file_is_answered_with_the_places_the_package_and_the_address()
    {
        using var folder = new TemporaryFolder();
        var manifest = DataManifest.Find("fashion-mnist");
        var file = manifest.Train.Images with { Name = "lost.gz", Debian = new DebianLocation("dataset-fashion-mnist", folder["lost.gz"]) };

        var error = Assert.ThrowsExactly<FileNotFoundException>(() => FileLocator.Find(manifest, file, folder["mine"]));

        Assert.Contains("lost.gz of fashion-mnist is missing", error.Message);
        Assert.Contains(folder["mine/fashion-mnist/lost.gz"], error.Message);
        Assert.Contains(folder["lost.gz"], error.Message);
        Assert.Contains("apt-get install dataset-fashion-mnist", error.Message);
        Assert.Contains("https://github.com/zalandoresearch/fashion-mnist", error.Message);
    }

    [TestMethod]
    public void The_folder_that_the_user_names_comes_before_the_installed_files()
    {
        using var folder = new TemporaryFolder();
        var manifest = DataManifest.Find("fashion-mnist");
        var own = folder.Write(manifest.Test.Labels.Name, [1]);

        Assert.AreEqual(own, FileLocator.Find(manifest, manifest.Test.Labels, folder.Path));
        Assert.AreNotEqual(own, FileLocator.Find(manifest, manifest.Test.Labels));
    }

    [TestMethod]
    [DataRow("NOISYNN_DATA", "tiny/there.gz")]
    [DataRow("XDG_CACHE_HOME", "noisynn/tiny/there.gz")]
    public void A_file_with_an_address_is_looked_for_in_the_named_folder_and_in_the_cache(string variable, string relativePath)
    {
        using var dataSet = new IdxDataSet();
        using var folder = new TemporaryFolder();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        var file = manifest.Train.Images with { Name = "there.gz", RelativePath = null, Url = new Uri("https://example.org/there.gz") };
        var path = folder.Write(relativePath, [1]);
        var before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, folder.Path);
            Assert.AreEqual(path, FileLocator.Find(manifest, file));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => FileLocator.Find(manifest, file));
    }

    [TestMethod]
    public void A_link_beside_the_manifest_may_not_lead_out_of_its_folder()
    {
        using var dataSet = new IdxDataSet();
        using var elsewhere = new TemporaryFolder();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        var target = elsewhere.Write("train-images.gz", File.ReadAllBytes(dataSet["train-images.gz"]));
        File.Delete(dataSet["train-images.gz"]);
        File.CreateSymbolicLink(dataSet["train-images.gz"], target);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VerifiedFile.Read(manifest, manifest.Train.Images));

        Assert.Contains("leads out of", error.Message);
    }

    [TestMethod]
    public void A_link_that_stays_in_the_folder_by_name_may_not_leave_it_through_another_link()
    {
        using var dataSet = new IdxDataSet();
        using var elsewhere = new TemporaryFolder();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        elsewhere.Write("train-images.gz", File.ReadAllBytes(dataSet["train-images.gz"]));
        File.Delete(dataSet["train-images.gz"]);
        Directory.CreateSymbolicLink(dataSet["inner"], elsewhere.Path);
        File.CreateSymbolicLink(dataSet["train-images.gz"], Path.Combine("inner", "train-images.gz"));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VerifiedFile.Read(manifest, manifest.Train.Images));

        Assert.Contains("leads out of", error.Message);
    }

    [TestMethod]
    public void Links_in_circles_are_an_error()
    {
        using var dataSet = new IdxDataSet();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        File.Delete(dataSet["train-images.gz"]);
        File.CreateSymbolicLink(dataSet["train-images.gz"], "other.gz");
        File.CreateSymbolicLink(dataSet["other.gz"], "train-images.gz");

        Assert.Contains(
            "circles",
            Assert.ThrowsExactly<InvalidDataException>(() => VerifiedFile.Read(manifest, manifest.Train.Images)).Message
        );
    }

    [TestMethod]
    public void Verifying_reports_every_file_and_does_not_stop_at_the_first()
    {
        using var dataSet = new IdxDataSet();
        var manifest = DataManifest.Read(dataSet.ManifestPath);
        File.Delete(dataSet["train-labels.gz"]);
        dataSet.WriteFile("test-images.gz", [1, 2, 3]);

        var findings = VerifiedFile.Verify(manifest);

        Assert.AreSequenceEqual(new[] { true, false, false, true }, findings.Select(finding => finding.IsValid).ToArray());
        Assert.IsNull(findings[1].Path);
        Assert.Contains("size expected", findings[2].Error!);
    }
}
