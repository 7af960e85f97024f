using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow(new string[0], "demo")]
    [DataRow(new[] { "--help" }, "demo")]
    [DataRow(new[] { "demo", "--help" }, "--resume")]
    [DataRow(new[] { "train", "--help" }, "--set")]
    [DataRow(new[] { "evaluate", "--help" }, "--split")]
    [DataRow(new[] { "export", "--help" }, "--network")]
    [DataRow(new[] { "score", "--help" }, "--skip-unreadable")]
    [DataRow(new[] { "data", "verify", "--help" }, "SHA-256")]
    [DataRow(new[] { "doctor", "--help" }, "threads")]
    public void Help_comes_with_every_command_and_is_no_error(string[] arguments, string expected)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, expected);
    }

    [TestMethod]
    [DataRow(new[] { "demo", "--resum" }, "error: unknown option '--resum'; did you mean '--resume'? See 'noisynn demo --help'.")]
    [DataRow(new[] { "evalute" }, "error: unknown command 'evalute'; did you mean 'evaluate'? See 'noisynn --help'.")]
    [DataRow(new[] { "data", "verfy" }, "error: unknown command 'verfy'; did you mean 'verify'? See 'noisynn data --help'.")]
    [DataRow(new[] { "train", "a.yaml", "b.yaml" }, "error: 'b.yaml' is one argument too many. See 'noisynn train --help'.")]
    public void A_command_line_that_makes_no_sense_is_answered_with_what_was_meant(string[] arguments, string expected)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        Assert.AreEqual(expected, run.Error.TrimEnd());
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    public void A_missing_argument_is_named()
    {
        var run = TestTerminal.Run("train");

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.StartsWith(run.ErrorLines.Single(), "error: Required argument 'FILE' missing");
    }

    [TestMethod]
    public void Doctor_names_the_engines_as_JSON()
    {
        var report = JsonNode.Parse(TestTerminal.Run("doctor", "--json").Output)!;

        StringAssert.Matches(report["facts"]!["mlnet"]!.GetValue<string>(), new(@"^\d+\.\d+"));
        StringAssert.Matches(report["facts"]!["torch"]!.GetValue<string>(), new(@"libtorch \d+\.\d+"));
        StringAssert.Matches(report["facts"]!["onnxruntime"]!.GetValue<string>(), new(@"^1\.\d+"));
    }
}
