using System.ComponentModel;
using System.Diagnostics;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Training.Checkpoints;

/// <summary>
/// The program as a process, on a disk that fills up or fails under it. The disks are real: file systems of a few MB, mounted where only
/// the drill sees them. Where nobody may mount, limits and rights take their place and must have the same outcome.
/// </summary>
[TestClass]
public sealed class DiskTests : IDisposable
{
    const string Common = """
        set -u
        export DOTNET_EnableWriteXorExecute=0
        program=(dotnet "$PROGRAM" train "$DECLARATION" --output "$DISK/runs" --set training.epochs=12 --set training.checkpointSteps=1 --set evaluation.baseline=false)
        train() { "${program[@]}" "$@"; }
        checkpoints() { ls "$DISK"/runs/tiny/noisy/checkpoint-*.json 2> /dev/null; }
        newest() { checkpoints | tail -n 1; }

        # Trains up to the second checkpoint, or soon after, and halts the process there: a fault then comes in mid-training on any machine, however slow. Of the 96
        # steps at least 16 must be left; where another program had the processor for too long, it is tried again.
        train_and_halt() {
            local turn
            for turn in 1 2 3 4 5; do
                rm -rf "$DISK/runs"
                "${program[@]}" > /dev/null 2> "$1" &
                until [ "$(checkpoints | wc -l)" -ge 2 ] || [ -z "$(jobs -rp)" ]; do sleep 0.02; done
                kill -STOP $! && [[ "$(newest)" < "$DISK/runs/tiny/noisy/checkpoint-000000080.json" ]] && return
                kill -KILL $!; wait $!
            done
            cat "$1" >&2
            exit 8
        }

        """;

    /// <summary>The weights of the same training on a disk without faults.</summary>
    static readonly Lazy<byte[]> s_uninterrupted = new(() =>
    {
        using var whole = new TinyExperiment();
        Directory.CreateDirectory(whole["disk"]);
        Run(whole, "train > /dev/null 2>&1", ownMounts: false);
        return File.ReadAllBytes(whole["disk/runs/tiny/noisy/network.safetensors"]);
    });

    readonly TinyExperiment _tiny = new();

    public DiskTests() => Directory.CreateDirectory(_tiny["disk"]);

    public void Dispose() => _tiny.Dispose();

    [TestMethod]
    [DataRow(true, DisplayName = "a file system of 4 MB")]
    [DataRow(false, DisplayName = "a limit on the size of files")]
    public void A_disk_that_fills_up_stops_the_training_with_the_remedy_and_room_lets_it_go_on(bool mounted)
    {
        const string Mounted = """
            mount -t tmpfs -o size=4m noisynn "$DISK" || exit 9
            train_and_halt full.error
            # What a checkpoint that is removed leaves free is filled, too.
            number=0
            until [ -z "$(jobs -rp)" ]; do
                kill -STOP $!; dd if=/dev/zero of="$DISK/ballast.$((number++))" bs=1k 2> /dev/null; kill -CONT $!
                sleep 0.02
            done 2> /dev/null
            wait $!; echo "full $?"
            newest; ls -A "$DISK"/runs/tiny/noisy/*.tmp 2> /dev/null
            rm "$DISK"/ballast.*
            train --resume > /dev/null 2> resumed.error; echo "resumed $?"
            cp "$DISK"/runs/tiny/noisy/network.safetensors .
            """;
        // Tensors take more than 16 KiB; the limit fails a write half-way, as a full disk does.
        const string Limited = """
            train_and_halt full.error
            # On the running process: at its start it may copy a native library to a file in memory, and the limit counts that, too.
            prlimit --fsize=16384 --pid $!
            kill -CONT $!; wait $!; echo "full $?"
            newest; ls -A "$DISK"/runs/tiny/noisy/*.tmp 2> /dev/null
            train --resume > /dev/null 2> resumed.error; echo "resumed $?"
            cp "$DISK"/runs/tiny/noisy/network.safetensors .
            """;

        var canMount = mounted && CanMount();
        var lines = Run(_tiny, canMount ? Mounted : Limited, ownMounts: canMount);

        Assert.AreEqual("full 1", lines[0]);
        Assert.AreEqual(
            "resumed 0",
            lines[2],
            $"the second line is the newest checkpoint, and there is no temporary file; {Error("resumed")}"
        );
        var error = Error("full");
        Assert.Contains(
            canMount ? $"there is no room left on the disk of '{_tiny["disk"]}/runs/tiny" : "larger than the file system of",
            error
        );
        Assert.Contains(canMount ? "Make room there." : "Raise the limit.", error);
        Assert.Contains($"Then resume: the checkpoint before, '{lines[1]}', is whole.", error);
        AssertSameAsUninterrupted();
    }

    [TestMethod]
    [DataRow(true, DisplayName = "a file system that the kernel makes read-only")]
    [DataRow(false, DisplayName = "a folder without the right to write")]
    public void A_folder_that_becomes_read_only_stops_the_training_and_loses_no_checkpoint_that_it_names(bool mounted)
    {
        // 'abort' is what the kernel does of itself when a disk fails: what is not on it by then never gets there. The disk is taken up
        // anew, as after a power cut.
        const string Mounted = """
            truncate -s 24M image && mkfs.ext4 -q image && mount -o loop image "$DISK" || exit 9
            train_and_halt stopped.error
            mount -o remount,abort "$DISK"
            kill -CONT $!; wait $!; echo "stopped $?"
            umount "$DISK"; fsck.ext4 -fy image > /dev/null 2>&1; mount -o loop image "$DISK" || exit 9
            newest
            mount -o remount,ro "$DISK"
            train --resume > /dev/null 2> refused.error; echo "refused $?"
            mount -o remount,rw "$DISK"
            train --resume > /dev/null 2> resumed.error; echo "resumed $?"
            cp "$DISK"/runs/tiny/noisy/network.safetensors .
            umount "$DISK"
            """;
        // An administrator may write anywhere until that right is given up.
        const string Denied = """
            [ "$(id -u)" != 0 ] || program=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search "${program[@]}")
            train_and_halt stopped.error
            chmod a-w "$DISK"/runs/tiny/noisy
            kill -CONT $!; wait $!; echo "stopped $?"
            newest
            train --resume > /dev/null 2> refused.error; echo "refused $?"
            chmod u+w "$DISK"/runs/tiny/noisy
            train --resume > /dev/null 2> resumed.error; echo "resumed $?"
            cp "$DISK"/runs/tiny/noisy/network.safetensors .
            """;

        var canMount = mounted && CanMount() && CanMountDisks();
        var lines = Run(_tiny, canMount ? Mounted : Denied, ownMounts: canMount);

        Assert.AreEqual("stopped 1", lines[0], Error("stopped"));
        Assert.AreEqual("refused 1", lines[2], Error("refused"));
        Assert.AreEqual("resumed 0", lines[3], Error("resumed"));
        Assert.Contains($"'{_tiny["disk"]}/runs/tiny", Error("refused"));
        Assert.Contains(canMount ? "is mounted read-only. Mount it for writing." : "Allow writing there.", Error("refused"));
        var named = Error("stopped").Split("the checkpoint before, '")[1].Split('\'')[0];
        // The newest on the disk may be the one whose writing failed at the very end.
        Assert.IsGreaterThanOrEqualTo(
            0,
            StringComparer.Ordinal.Compare(lines[1], named),
            $"{named} was called whole, but the disk ends at {lines[1]}"
        );
        AssertSameAsUninterrupted();
    }

    void AssertSameAsUninterrupted() => Assert.AreSequenceEqual(s_uninterrupted.Value, File.ReadAllBytes(_tiny["network.safetensors"]));

    string Error(string name) => File.ReadAllText(_tiny[$"{name}.error"]);

    static string[] Run(TinyExperiment tiny, string script, bool ownMounts)
    {
        string[] command = ownMounts ? [.. Namespace, "bash", "-c"] : ["bash", "-c"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Common + script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(tiny.Declaration)!,
        };
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll");
        start.Environment["DECLARATION"] = tiny.Declaration;
        start.Environment["DISK"] = tiny["disk"];
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The drill did not end. {error.Result} {output.Result}");
        }
        Assert.AreEqual(0, process.ExitCode, $"{error.Result} {output.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// An administrator takes mounts of its own; anybody else becomes one within a user namespace, where the system allows it.
    /// </summary>
    static string[] Namespace => Environment.IsPrivilegedProcess ? ["unshare", "--mount"] : ["unshare", "--mount", "--map-root-user"];

    static bool CanMount() => Succeeds("mount -t tmpfs -o size=1m noisynn /mnt");

    static bool CanMountDisks() =>
        Succeeds(
            "type mkfs.ext4 fsck.ext4 && image=$(mktemp) && truncate -s 4M $image && mkfs.ext4 -q $image && mount -o "
                + "loop $image /mnt && mount -o remount,abort /mnt; status=$?; umount /mnt; rm -f $image; exit $status"
        );

    static bool Succeeds(string script)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(Namespace[0], [.. Namespace[1..], "bash", "-c", $"{{ {script}; }} > /dev/null 2>&1"])
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
