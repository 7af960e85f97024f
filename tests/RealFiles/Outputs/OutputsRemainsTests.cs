using System.Diagnostics;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Tests.RealFiles.Outputs;

/// <summary>What a killed process leaves goes with the next call that writes there, and only that.</summary>
[TestClass]
public sealed class OutputsRemainsTests : IDisposable
{
    readonly OutputDrill _drill = new();

    public void Dispose() => _drill.Dispose();

    [TestMethod]
    public void An_export_that_was_killed_leaves_no_temporary_file_behind_the_next_one()
    {
        var lines = _drill.Run(
            """
            export_model() { exec dotnet "$PROGRAM" export --network noisy-vit-tiny-16-224 --random-weights --output out.onnx > /dev/null; }
            export_model & process=$!
            until_so 'ls out.onnx.*.tmp 2> /dev/null | grep -q .'
            kill -KILL $process; wait $process 2> /dev/null
            ls out.onnx* | grep -c tmp
            (export_model); echo "next $?"; ls out.onnx*
            """
        );

        Assert.AreSequenceEqual(["1", "next 0", "out.onnx"], lines);
    }

    [TestMethod]
    public void Only_files_of_the_same_name_that_no_process_is_writing_are_removed()
    {
        string[] others =
        [
            $"other.onnx.{Guid.NewGuid():N}.tmp",
            "out.onnx.tmp",
            $"out.onnx.{Guid.NewGuid():N}.tmp.kept",
            $"out.onnx.{Guid.NewGuid()}.tmp",
        ];
        foreach (var other in others)
            _drill.Folder.Write(other, [1]);
        var (left, used) = ($"out.onnx.{Guid.NewGuid():N}.tmp", $"out.onnx.{Guid.NewGuid():N}.tmp");
        _drill.Folder.Write(left, [1]);
        _drill.Folder.Write(used, [1]);
        // The lock that a writer of this program holds, by another program.
        using var writer = Process.Start(
            new ProcessStartInfo("flock", ["--shared", _drill[used], "-c", "echo locked; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        Assert.AreEqual("locked", writer.StandardOutput.ReadLine());

        AtomicFile.WriteText(_drill["out.onnx"], "new");

        Assert.IsFalse(File.Exists(_drill[left]));
        Assert.IsTrue(File.Exists(_drill[used]));
        Assert.IsTrue(others.All(other => File.Exists(_drill[other])));
        writer.StandardInput.Close();
        writer.WaitForExit();
        AtomicFile.WriteText(_drill["out.onnx"], "newer");
        Assert.IsFalse(File.Exists(_drill[used]));
    }

    [TestMethod]
    public void A_file_stays_locked_until_it_has_its_name()
    {
        AtomicFile.WriteText(_drill["file"], "old");

        AtomicFile.Write(
            _drill["file"],
            stream => stream.WriteByte(1),
            check: written =>
            {
                TemporaryFile.RemoveRemains(_drill["file"]);
                Assert.IsTrue(File.Exists(written), "the check still needs it");
            }
        );

        Assert.AreSequenceEqual(new byte[] { 1 }, File.ReadAllBytes(_drill["file"]));
    }

    [TestMethod]
    public void The_lock_of_a_killed_run_goes_with_the_next_run_of_its_name_and_a_living_one_stays()
    {
        using (RunFolder.Open(_drill.Folder.Path, "y", "name: y\n", resume: false)) { }
        File.WriteAllText(_drill["y/run.lock"], "");
        using var second = RunFolder.Open(_drill.Folder.Path, "y", "name: y\n", resume: false);

        using var third = RunFolder.Open(_drill.Folder.Path, "y", "name: y\n", resume: false);

        Assert.AreEqual(_drill["y-3"], third.Path);
        Assert.IsFalse(File.Exists(_drill["y/run.lock"]));
        Assert.IsTrue(File.Exists(_drill["y-2/run.lock"]));
    }
}
