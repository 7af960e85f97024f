using NoisyNN.Tests.Cli;
using NoisyNN.Tests.RealFiles.Outputs;

namespace NoisyNN.Tests.RealFiles.Processes;

/// <summary>Signals, closed pipes and small limits, seen from outside.</summary>
[TestClass]
public sealed class ProcessSignalTests
{
    const string Training = """
        train() { exec dotnet "$PROGRAM" train tiny.yaml --output runs --set training.epochs=20000 --set evaluation.baseline=false "$@" > out 2> error; }
        begun() { until_so 'ls runs/*/*/checkpoint-*.json 2> /dev/null | grep -q .'; }

        """;

    [TestMethod]
    [DataRow("HUP", DisplayName = "SIGHUP")]
    [DataRow("HUP HUP", DisplayName = "SIGHUP twice, as a closed terminal sends it")]
    [DataRow("TERM", DisplayName = "SIGTERM")]
    public void A_training_that_is_asked_to_stop_keeps_what_it_has_and_goes_on_later(string signals)
    {
        using var drill = Tiny();
        var lines = drill.Run(
            Training
                + $$"""
                train & process=$!
                begun
                for signal in {{signals}}; do kill -$signal $process; done
                wait $process; echo "stopped $?"
                tail -n 1 error
                find runs -name '*.tmp' -o -name run.lock
                rm runs/tiny/noisy/metrics.jsonl
                train --resume & process=$!
                until_so 'grep -q . runs/tiny/noisy/metrics.jsonl 2> /dev/null'
                kill -TERM $process; wait $process; echo "resumed $?"
                """
        );

        Assert.AreEqual("stopped 130", lines[0]);
        Assert.StartsWith("error: interrupted; what there is was kept in", lines[1]);
        Assert.AreSequenceEqual(["resumed 130"], lines[2..]);
    }

    [TestMethod]
    public void A_training_under_nohup_outlives_its_terminal()
    {
        using var drill = Tiny();
        var lines = drill.Run(
            Training
                + """
                (trap '' HUP; train) & process=$!
                begun
                kill -HUP $process; sleep 1
                kill -0 $process && echo lives
                kill -TERM $process; wait $process; echo "stopped $?"
                """
        );

        Assert.AreSequenceEqual(["lives", "stopped 130"], lines);
    }

    [TestMethod]
    public void A_reader_of_results_that_has_gone_ends_the_command_without_a_message()
    {
        using var drill = new OutputDrill();
        var lines = drill.Run(
            """
            { sleep 0.5; noisynn networks 2> error; echo $? > code; } | true
            cat code error
            """
        );

        Assert.AreSequenceEqual(["141"], lines);
    }

    [TestMethod]
    public void A_reader_of_messages_that_has_gone_does_not_end_the_work()
    {
        using var drill = new OutputDrill();
        var lines = drill.Run(
            """
            { sleep 0.5; noisynn score model.onnx images --output scores.csv 2>&1 > /dev/null; echo $? > code; } | true
            cat code; wc -l < scores.csv
            """
        );

        Assert.AreSequenceEqual(["0", "4"], lines);
    }

    [TestMethod]
    [DataRow("ulimit -v 2000000", "score model.onnx images", "2048 MB of address space, and this command needs 2500 MB")]
    [DataRow("ulimit -v 4000000", "train tiny.yaml", "4096 MB of address space, and this command needs")]
    [DataRow("ulimit -n 64", "score model.onnx images", "may open 64 files, and this command needs 100")]
    [DataRow("ulimit -n 120", "train tiny.yaml", "may open 120 files, and this command needs 160")]
    public void A_limit_that_is_too_small_is_named_in_one_line_before_any_work(string limit, string command, string expected)
    {
        using var drill = new OutputDrill();
        var lines = drill.Run(
            $"""
            ({limit}; timeout -s KILL 60 dotnet "$PROGRAM" {command} > out 2>&1); echo $?
            cat out
            """
        );

        Assert.HasCount(2, lines);
        Assert.AreEqual("1", lines[0]);
        Assert.StartsWith("error: this process may ", lines[1]);
        Assert.Contains(expected, lines[1]);
        Assert.Contains("Raise the limit: ulimit -", lines[1]);
    }

    [TestMethod]
    public void A_limit_of_threads_is_named_in_one_line_before_any_work()
    {
        // The system counts the processes of ordinary users alone; an administrator becomes one that may read everything.
        using var drill = Tiny();
        var lines = drill.Run(
            """
            ordinary=(); reading=+dac_override,+dac_read_search
            [ "$(id -u)" != 0 ] || ordinary=(setpriv --reuid=54321 --regid=54321 --clear-groups --inh-caps=$reading --ambient-caps=$reading)
            running=$([ "$(id -u)" != 0 ] && ps -o nlwp= -u "$(id -u)" | awk '{ sum += $1 } END { print sum }' || echo 0)
            HOME=$PWD "${ordinary[@]}" bash -c "ulimit -u $((running + 12)); exec timeout -s KILL 60 dotnet \"$PROGRAM\" train tiny.yaml" > out 2>&1; echo $?
            cat out
            """
        );

        Assert.HasCount(2, lines);
        Assert.AreEqual("1", lines[0]);
        Assert.StartsWith("error: this user may have ", lines[1]);
        Assert.Contains("Raise the limit: ulimit -u ", lines[1]);
    }

    static OutputDrill Tiny()
    {
        using var tiny = new TinyExperiment();
        var drill = new OutputDrill();
        foreach (var file in Directory.GetFiles(tiny.Images, "*", SearchOption.AllDirectories))
            drill.Folder.Write(Path.Combine("tiny", Path.GetRelativePath(tiny.Images, file)), File.ReadAllBytes(file));
        File.WriteAllText(drill["tiny.yaml"], File.ReadAllText(tiny.Declaration).Replace(tiny.Images, "tiny", StringComparison.Ordinal));
        return drill;
    }
}
