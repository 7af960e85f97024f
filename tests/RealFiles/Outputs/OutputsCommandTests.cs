using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.RealFiles.Outputs;

/// <summary>What <c>--output</c> of the commands names stays what it was, seen from outside.</summary>
[TestClass]
public sealed class OutputsCommandTests : IDisposable
{
    readonly OutputDrill _drill = new();

    public void Dispose() => _drill.Dispose();

    [TestMethod]
    public void Devices_links_pipes_and_standard_output_get_the_table_and_stay()
    {
        // Not the machine's own devices: a program that is wrong here would replace them.
        var lines = _drill.Run(
            """
            score() { noisynn score model.onnx images --output "$1" 2> error; }
            score whole.csv
            mknod null c 1 3 2> /dev/null || mkfifo null; [ -c null ] || { cat null > /dev/null & }
            score null; echo "null $? $([ -c null ] || [ -p null ]; echo $?)"
            echo old > real.csv; ln -s real.csv link.csv
            score link.csv; echo "link $? $(readlink link.csv) $(cmp whole.csv real.csv && echo same)"
            mkfifo pipe; cat pipe > read.csv & score pipe; echo "pipe $? $([ -p pipe ]; echo $?)"; wait $!; cmp whole.csv read.csv && echo same
            score /dev/stdout > out.csv; echo "stdout $? $(cmp whole.csv out.csv && echo same)"
            echo before > log; score /dev/stdout >> log; echo "appended $(head -n 1 log) $(tail -n +2 log | cmp whole.csv - && echo same)"
            score /dev/fd/5 5> five.csv; echo "descriptor $? $(cmp whole.csv five.csv && echo same)"
            score /dev/fd/7; echo "closed $? $(cat error)"
            ls -A | grep -E 'tmp|partial|progress'
            exit 0
            """
        );

        Assert.AreSequenceEqual(
            [
                "null 0 0",
                "link 0 real.csv same",
                "pipe 0 0",
                "same",
                "stdout 0 same",
                "appended before same",
                "descriptor 0 same",
                "closed 1 error: --output FILE: '/dev/fd/7' cannot be written: no file had the descriptor 7 when this "
                    + "program began. Give a file.",
            ],
            lines
        );
    }

    [TestMethod]
    public void A_model_goes_to_standard_output_whole_with_its_figures_on_standard_error()
    {
        var lines = _drill.Run(
            """
            noisynn quantize --model model.onnx --output small.onnx > /dev/null
            noisynn quantize --model model.onnx --output /dev/stdout 2> error | cmp - small.onnx && echo same
            grep -c 'products in eight bits' error
            noisynn quantize --model model.onnx --output /dev/full 2> error; echo "full $? $(cat error)"
            """.Replace("/dev/full", Environment.IsPrivilegedProcess ? "full" : "/dev/full", StringComparison.Ordinal).Insert(
                0,
                Environment.IsPrivilegedProcess ? "mknod full c 1 7 || ln -s /dev/full full\n" : ""
            )
        );

        Assert.AreEqual("same", lines[0]);
        Assert.AreEqual("1", lines[1]);
        Assert.Contains("full 1 error: ", lines[2]);
        Assert.Contains("there is no room left on the disk of", lines[2]);
    }

    [TestMethod]
    [DataRow("model.onnx")]
    [DataRow("images/1.png")]
    [DataRow("linked")]
    [DataRow("second-name")]
    public void An_output_that_is_an_input_is_refused_and_nothing_is_lost(string output)
    {
        File.CreateSymbolicLink(_drill["linked"], "images/2.png");
        _drill.Run("ln images/0.png second-name");
        var before = File.ReadAllBytes(_drill[output]);

        var run = TestTerminal.Run("score", _drill["model.onnx"], _drill["images"], "--output", _drill[output]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode, run.Error);
        Assert.Contains("itself, which would be lost", run.Error);
        Assert.AreSequenceEqual(before, File.ReadAllBytes(_drill[output]));
    }

    [TestMethod]
    public void A_table_in_progress_overwrites_nothing_but_its_own_files()
    {
        File.WriteAllText(_drill["precious"], "mine");
        File.CreateSymbolicLink(_drill["scores.csv.partial"], "precious");

        var run = TestTerminal.Run("score", _drill["model.onnx"], _drill["images"], "--output", _drill["scores.csv"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        Assert.Contains($"'{_drill["scores.csv.partial"]}' cannot be written: it is a symbolic link", run.Error);
        Assert.AreEqual("mine", File.ReadAllText(_drill["precious"]));
    }

    [TestMethod]
    public void A_file_that_is_larger_than_the_limit_is_an_error_with_a_remedy()
    {
        // The limit comes when the program runs: at its start the runtime and native libraries make files in memory, which count, too.
        var lines = _drill.Run(
            """
            for copy in $(seq 300); do cp images/0.png images/copy-$copy.png; done
            mkfifo gate.csv
            noisynn score model.onnx $(for turn in $(seq 200); do echo images; done) --batch-size 16 --output scores.csv > /dev/null 2> error & process=$!
            until_so '[ -e scores.csv.progress ]'
            prlimit --fsize=65536 --pid $(pgrep -P $process -f NoisyNN.Pipelines || echo $process)
            wait $process; echo "score $?"; tail -n 1 error
            """
        );

        Assert.AreEqual("score 1", lines[0]);
        Assert.Contains("'scores.csv' cannot be written: it is larger than the file system of", lines[1]);
        Assert.Contains("(ulimit -f) allows. Raise the limit. Then run the same command again", lines[1]);
    }
}
