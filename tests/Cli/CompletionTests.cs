using System.Diagnostics;
using System.Runtime.Versioning;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli;

/// <summary>What the Tab key offers.</summary>
[TestClass]
public sealed class CompletionTests
{
    static string[] Complete(string line, int? position = null)
    {
        string[] place = position is { } value ? ["--position", $"{value}"] : [];
        var run = TestTerminal.Run(["complete", .. place, "--", line]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [TestMethod]
    public void Commands_are_completed_from_their_first_letters()
    {
        CollectionAssert.AreEqual(new[] { "score" }, Complete("./noisynn sco"));
        CollectionAssert.IsSubsetOf(new[] { "train", "evaluate", "completion" }, Complete("noisynn "));
        CollectionAssert.DoesNotContain(Complete("noisynn "), "complete", "it is not for people");
    }

    [TestMethod]
    public void Options_and_their_values_are_completed()
    {
        CollectionAssert.AreEqual(new[] { "--resume" }, Complete("noisynn train my.yaml --res"));
        CollectionAssert.AreEqual(new[] { "all", "test", "train", "validation" }, Complete("noisynn evaluate m.onnx --split "));
        CollectionAssert.AreEqual(new[] { "train" }, Complete("noisynn evaluate m.onnx --split tr"));
    }

    [TestMethod]
    public void What_stands_behind_the_cursor_does_not_count()
    {
        CollectionAssert.AreEqual(new[] { "score" }, Complete("noisynn sco model.onnx", position: 11));
        Assert.IsEmpty(Complete("noisynn", position: 7));
    }

    [TestMethod]
    public void Every_shell_that_the_help_names_has_a_script_and_no_other_has()
    {
        foreach (var shell in (string[])["bash", "zsh", "fish", "powershell"])
        {
            var run = TestTerminal.Run("completion", shell);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.Contains("complete --position", run.Output);
        }
        Assert.AreEqual(ExitCode.Misused, TestTerminal.Run("completion", "csh").ExitCode);
    }

    [TestMethod]
    [UnsupportedOSPlatform("windows")]
    public void Bash_completes_by_the_script()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["completion.bash"], TestTerminal.Run("completion", "bash").Output);
        // A stand-in for the program writes down what it is asked, and answers as the program does.
        File.WriteAllText(folder["noisynn"], $"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{folder["asked"]}'\nprintf 'score\\nschema\\n'\n");
        File.SetUnixFileMode(folder["noisynn"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var argument in (string[])
                [
                    "-c",
                    """
                        source "$0"; COMP_LINE="$1 sc"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$1" sc); COMP_CWORD=1
                        _noisynn; printf '%s\n' "${COMPREPLY[@]}"; complete -p noisynn
                        """,
                    folder["completion.bash"],
                    folder["noisynn"],
                ]
        )
            start.ArgumentList.Add(argument);

        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();

        Assert.AreEqual(0, bash.ExitCode, bash.StandardError.ReadToEnd());
        StringAssert.StartsWith(output, "score\nschema\n");
        Assert.Contains("-F _noisynn noisynn", output);
        string[] asked = ["complete", "--position", $"{folder["noisynn"].Length + 3}", "--", $"{folder["noisynn"]} sc"];
        CollectionAssert.AreEqual(asked, File.ReadAllLines(folder["asked"]));
    }
}
