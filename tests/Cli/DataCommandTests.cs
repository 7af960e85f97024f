using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.Cli;

[TestClass]
public sealed class DataCommandTests
{
    [TestMethod]
    public void What_is_fetched_is_found_by_every_command_and_not_fetched_again()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();

        var first = TestTerminal.Run("data", "get", dataSet.ManifestPath, "--json");
        var second = TestTerminal.Run("data", "get", dataSet.ManifestPath);
        var verified = TestTerminal.Run("data", "verify", dataSet.ManifestPath);

        var files = JsonDocument.Parse(first.Output).RootElement.GetProperty("files").EnumerateArray().ToList();
        Assert.AreEqual(4, files.Count);
        foreach (var file in files)
        {
            Assert.IsTrue(file.GetProperty("isFetched").GetBoolean());
            Assert.AreEqual(home["data/noisynn/tiny/" + file.GetProperty("name").GetString()], file.GetProperty("path").GetString());
            Assert.AreEqual(
                ContentHash.Of(File.ReadAllBytes(file.GetProperty("path").GetString()!)),
                file.GetProperty("sha256").GetString()
            );
        }
        Assert.AreEqual((0, 0, 0), (first.ExitCode, second.ExitCode, verified.ExitCode));
        Assert.AreEqual(4, second.Output.Split("was there").Length - 1);
        Assert.AreEqual(4, dataSet.Requests);
    }

    [TestMethod]
    public void The_folder_that_NOISYNN_DATA_names_comes_before_the_home()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();
        Environment.SetEnvironmentVariable(FileLocator.DataRootVariable, home["mine"]);

        Assert.AreEqual(0, TestTerminal.Run("data", "get", dataSet.ManifestPath).ExitCode);

        Assert.AreEqual(4, Directory.GetFiles(home["mine/tiny"]).Length);
        Assert.AreEqual(0, TestTerminal.Run("data", "verify", dataSet.ManifestPath).ExitCode);
    }

    [TestMethod]
    public void A_folder_of_the_user_wins_and_is_told_how_to_be_found()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();

        var result = TestTerminal.Run("data", "get", dataSet.ManifestPath, "--into", home["here"]);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(4, Directory.GetFiles(home["here"]).Length);
        Assert.Contains($"Set NOISYNN_DATA={home["here"]}", result.Error);
        Environment.SetEnvironmentVariable(FileLocator.DataRootVariable, home["here"]);
        Assert.AreEqual(0, TestTerminal.Run("data", "verify", dataSet.ManifestPath).ExitCode);
    }

    [TestMethod]
    public void Without_a_home_the_command_asks_for_a_folder()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", null);
        Environment.SetEnvironmentVariable("HOME", null);

        var result = TestTerminal.Run("data", "get", dataSet.ManifestPath);

        Assert.AreEqual(ExitCode.Failed, result.ExitCode);
        Assert.Contains(
            "HOME is not set. Set HOME, XDG_DATA_HOME or NOISYNN_DATA, or name a folder with --into FOLDER.",
            result.ErrorLines.Single()
        );
    }

    [TestMethod]
    public void A_home_without_XDG_has_its_data_in_local_share()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", null);
        Environment.SetEnvironmentVariable("HOME", home.Path);

        Assert.AreEqual(0, TestTerminal.Run("data", "get", dataSet.ManifestPath).ExitCode);

        Assert.AreEqual(4, Directory.GetFiles(home[".local/share/noisynn/tiny"]).Length);
    }

    [TestMethod]
    public void An_interrupted_download_says_that_the_same_command_continues_it()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet();

        var result = TestTerminal.InterruptAt("fetching train-labels.gz", "data", "get", dataSet.ManifestPath);

        Assert.AreEqual(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains(
            $"interrupted; the bytes that have arrived are kept in {home["data/noisynn/tiny"]}. Run the same command to continue.",
            result.ErrorLines.Single()
        );
        Assert.AreEqual(0, TestTerminal.Run("data", "get", dataSet.ManifestPath).ExitCode);
    }

    [TestMethod]
    public void A_server_without_the_file_ends_with_one_line_and_exit_code_1()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet(status: 404);

        var result = TestTerminal.Run("data", "get", dataSet.ManifestPath, "--json");

        Assert.AreEqual(ExitCode.Failed, result.ExitCode);
        Assert.AreEqual("", result.Output);
        Assert.Contains($"put it into {home["data/noisynn/tiny"]}.", result.ErrorLines.Single());
    }

    [TestMethod]
    public void A_file_beside_the_manifest_that_is_lost_cannot_be_fetched()
    {
        using var home = new Surroundings();
        using var dataSet = new IdxDataSet();
        File.Delete(dataSet["train-labels.gz"]);

        var result = TestTerminal.Run("data", "get", dataSet.ManifestPath);

        Assert.AreEqual(ExitCode.Failed, result.ExitCode);
        Assert.Contains("train-labels.gz has no address to fetch it from. It belongs beside", result.ErrorLines.Single());
    }

    [TestMethod]
    public void A_strangers_manifest_names_no_package_to_install()
    {
        using var home = new Surroundings();
        using var dataSet = new RemoteDataSet(debianPackage: "evil");

        var result = TestTerminal.Run("data", "verify", dataSet.ManifestPath);

        Assert.DoesNotContain("apt-get", result.Error);
        Assert.Contains($"noisynn data get '{dataSet.ManifestPath}'", result.Error);
    }

    [TestMethod]
    public void Progress_shows_bytes_rate_and_time_left() =>
        Assert.AreEqual(
            "  images.gz  12.3 of 30.9 MB  4.0 MB/s  5 s left",
            DownloadDisplay.Line("images.gz", present: 12_345_678, total: 30_878_551, rate: 4_000_000)
        );

    /// <summary>The small data set with all of its files on a server.</summary>
    sealed class RemoteDataSet : IDisposable
    {
        readonly IdxDataSet _dataSet = new();
        readonly FileServer _server;

        public RemoteDataSet(int status = 200, string? debianPackage = null)
        {
            var contents = new[] { "train-images", "train-labels", "test-images", "test-labels" }.ToDictionary(
                name => $"/{name}.gz",
                name => File.ReadAllBytes(_dataSet[$"{name}.gz"])
            );
            _server = new((request, _) => status == 200 ? FileServer.Content(request, contents[request.Path]) : new() { Status = status });
            var sameAs = debianPackage is null ? "" : $"\"sameAs\": \"pkg:deb/debian/{debianPackage}#nowhere/file\", ";
            _dataSet.WriteManifest(text =>
                text.Replace("\"contentUrl\": \"", $"{sameAs}\"contentUrl\": \"{_server.Address}", StringComparison.Ordinal)
            );
            foreach (var name in contents.Keys)
                File.Delete(_dataSet[name[1..]]);
        }

        public string ManifestPath => _dataSet.ManifestPath;

        public int Requests => _server.Requests.Count;

        public void Dispose()
        {
            _server.Dispose();
            _dataSet.Dispose();
        }
    }

    /// <summary>A home of its own for one test.</summary>
    sealed class Surroundings : IDisposable
    {
        static readonly string[] s_variables = ["HOME", "XDG_DATA_HOME", FileLocator.DataRootVariable];

        readonly TemporaryFolder _folder = new();
        readonly string?[] _before = [.. s_variables.Select(Environment.GetEnvironmentVariable)];

        public Surroundings()
        {
            Environment.SetEnvironmentVariable("XDG_DATA_HOME", _folder["data"]);
            Environment.SetEnvironmentVariable(FileLocator.DataRootVariable, null);
        }

        public string Path => _folder.Path;

        public string this[string relativePath] => _folder[relativePath];

        public void Dispose()
        {
            foreach (var (name, value) in s_variables.Zip(_before))
                Environment.SetEnvironmentVariable(name, value);
            _folder.Dispose();
        }
    }
}
