using System.Runtime.Versioning;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Onnx;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Tests.RealFiles.Outputs;

/// <summary>Whatever is at an output's place stays what it was.</summary>
[TestClass]
[UnsupportedOSPlatform("windows")]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class OutputsPlaceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("link", "real", DisplayName = "a link to a file")]
    [DataRow("link", "absent", DisplayName = "a link to a file that is not there yet")]
    [DataRow("link", "inner/real", DisplayName = "a link into another folder")]
    [DataRow("second", "link", DisplayName = "a link to a link")]
    [DataRow("inner/link", "../real", DisplayName = "a link upwards")]
    public void A_link_stays_and_the_file_that_it_points_to_is_replaced(string link, string target)
    {
        Directory.CreateDirectory(_folder["inner"]);
        File.WriteAllText(_folder["real"], "old");
        if (link == "second")
            File.CreateSymbolicLink(_folder["link"], "real");
        File.CreateSymbolicLink(_folder[link], target);

        AtomicFile.WriteText(_folder[link], "new");

        Assert.AreEqual(target, new FileInfo(_folder[link]).LinkTarget);
        var real = Path.Combine(Path.GetDirectoryName(_folder[link])!, link == "second" ? "real" : target);
        Assert.AreEqual("new", File.ReadAllText(real));
        Assert.IsNull(new FileInfo(real).LinkTarget);
        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_link_behind_a_linked_folder_points_to_where_the_system_says()
    {
        // 'door/up' is 'house/up', so that '..' is the house's parent, not the door's.
        Directory.CreateDirectory(_folder["town/house"]);
        Directory.CreateSymbolicLink(_folder["door"], "town/house");
        File.CreateSymbolicLink(_folder["town/house/up"], "../file");

        AtomicFile.WriteText(_folder["door/up"], "new");

        Assert.AreEqual("new", File.ReadAllText(_folder["town/file"]));
        Assert.IsFalse(File.Exists(_folder["file"]));
    }

    [TestMethod]
    public void What_can_be_neither_replaced_nor_written_to_is_named_and_stays()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["to-folder"], "folder");
        File.CreateSymbolicLink(_folder["circle"], "circle2");
        File.CreateSymbolicLink(_folder["circle2"], "circle");
        File.CreateSymbolicLink(_folder["nowhere"], "absent/file");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["socket"]));
        File.WriteAllText(_folder["protected"], "old");
        File.SetUnixFileMode(_folder["protected"], UnixFileMode.UserRead);
        var before = Directory.GetFileSystemEntries(_folder.Path);

        Assert.Contains("it is a folder. Give a file.", Refusal("folder"));
        Assert.Contains("it is a folder. Give a file.", Refusal("folder/"));
        Assert.Contains("it is a folder. Give a file.", Refusal("to-folder"));
        Assert.Contains("its symbolic links form a circle", Refusal("circle"));
        Assert.Contains($"a link to '{_folder["absent/file"]}', whose folder does not exist", Refusal("nowhere"));
        Assert.Contains("it is a socket", Refusal("socket"));
        Assert.Contains("it is write-protected", Refusal("protected"));
        Assert.Contains("its name is empty", Assert.ThrowsExactly<OutputRefusedException>(() => AtomicFile.WriteText("", "new")).Message);

        Assert.AreSequenceEqual(before, Directory.GetFileSystemEntries(_folder.Path));
        Assert.AreEqual("old", File.ReadAllText(_folder["protected"]));

        string Refusal(string name)
        {
            var message = Assert.ThrowsExactly<OutputRefusedException>(() => AtomicFile.WriteText(_folder[name], "new")).Message;
            Assert.StartsWith($"'{_folder[name]}' cannot be written: ", message);
            return message;
        }
    }

    [TestMethod]
    public void A_file_that_is_replaced_keeps_its_rights()
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.WriteAllText(_folder["secret"], "old");
        File.SetUnixFileMode(_folder["secret"], Private);

        AtomicFile.WriteText(_folder["secret"], "new");

        Assert.AreEqual("new", File.ReadAllText(_folder["secret"]));
        Assert.AreEqual(Private, File.GetUnixFileMode(_folder["secret"]));
    }

    [TestMethod]
    public void A_pipe_gets_all_or_nothing_and_stays_a_pipe()
    {
        MakePipe("pipe");
        var read = Task.Run(() => File.ReadAllText(_folder["pipe"]));

        Assert.Throws<FormatException>(() =>
            AtomicFile.Write(_folder["pipe"], stream => stream.WriteByte(1), check: _ => throw new FormatException())
        );
        AtomicFile.WriteText(_folder["pipe"], "new");

        Assert.AreEqual("new", read.Result);
        Assert.AreEqual(FileKind.Pipe, FileStatus.Of(_folder["pipe"], followsLink: false).Kind);
    }

    [TestMethod]
    public void A_pipe_that_nobody_reads_is_refused_in_place_of_waiting_for_ever()
    {
        MakePipe("pipe");

        var refusal = Assert.Throws<IOException>(() => AtomicFile.WriteText(_folder["pipe"], "new"));

        Assert.Contains($"'{_folder["pipe"]}' cannot be written: it is a pipe, and no reader has opened it", refusal.Message);
    }

    [TestMethod]
    public void What_must_be_read_again_can_be_no_pipe()
    {
        MakePipe("run/metrics.jsonl");
        var images = new Training.PlantedImages();
        var options = images.Options();
        options.WorkspacePath = _folder["run"];

        var refusal = Assert.Throws<IOException>(() => images.Context.Vision.NoisyViT(options).Fit(images.View(48)));

        Assert.Contains($"'{_folder["run/metrics.jsonl"]}' cannot be written: it is a pipe, and a regular file is needed", refusal.Message);
    }

    [TestMethod]
    public void A_model_with_weights_beside_it_is_not_parted_from_them_by_a_link()
    {
        _folder.Write("real.onnx", [1]);
        File.CreateSymbolicLink(_folder["link.onnx"], "real.onnx");
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        var refusal = Assert.Throws<IOException>(() => OnnxExporter.Export(network, new() { ExternalDataAbove = 0 }, _folder["link.onnx"]));
        OnnxExporter.Export(network, new(), _folder["link.onnx"]);

        Assert.Contains($"a link to '{_folder["real.onnx"]}'. Give a regular file.", refusal.Message);
        Assert.AreEqual("real.onnx", new FileInfo(_folder["link.onnx"]).LinkTarget);
        Assert.IsGreaterThan(1, new FileInfo(_folder["real.onnx"]).Length);
        Assert.HasCount(2, Directory.GetFiles(_folder.Path));
    }

    void MakePipe(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var process = System.Diagnostics.Process.Start("mkfifo", [_folder[name]]);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
    }
}
