using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

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
    [DataRow(
        new[] { "networks", "--version" },
        "error: unknown option '--version'; valid here: --json, --help. See 'noisynn networks --help'."
    )]
    [DataRow(new[] { "schema", "--json" }, "error: unknown option '--json'; valid here: --summary, --help. See 'noisynn schema --help'.")]
    [DataRow(
        new[] { "evaluate", "runs/latest", "--split", "tets" },
        "error: --split: unknown value 'tets'; did you mean 'test'? See 'noisynn evaluate --help'."
    )]
    [DataRow(new[] { "--versoin" }, "error: unknown option '--versoin'; did you mean '--version'? See 'noisynn --help'.")]
    [DataRow(new[] { "train", "a.yaml", "b.yaml" }, "error: 'b.yaml' is one argument too many. See 'noisynn train --help'.")]
    public void A_command_line_that_makes_no_sense_is_answered_with_what_was_meant(string[] arguments, string expected)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        Assert.AreEqual(expected, run.Error.TrimEnd());
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    public void The_version_is_that_of_the_program()
    {
        var run = TestTerminal.Run("--version");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Matches(run.Output.TrimEnd(), new(@"^noisynn \d+\.\d+\.\d+(-\S+)?(\+[0-9a-f]{40})?$"));
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void The_help_of_the_program_lists_the_exit_codes()
    {
        var help = TestTerminal.Run("--help").Output;

        foreach (var code in (int[])[0, ExitCode.Failed, ExitCode.Misused, ExitCode.Incomplete, ExitCode.Interrupted, ExitCode.ReaderGone])
            StringAssert.Matches(help, new($@"Exit codes:[\s\S]*\b{code} \w"));
    }

    [TestMethod]
    [DataRow("demo")]
    [DataRow("train")]
    public void The_example_of_an_override_in_the_help_is_valid_for_the_demo(string command)
    {
        var example = Regex.Match(Regex.Replace(TestTerminal.Run(command, "--help").Output, @"\s+", " "), "such as (\\S+) or (\\S+)[.] ");
        string[] overrides = [example.Groups[1].Value, example.Groups[2].Value];

        var experiment = ExperimentFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml"), overrides).Experiment;

        Assert.AreEqual(3, experiment.Training.MaxEpoch);
        Assert.AreEqual(new CircularShiftNoise(0.2, MixAxis.Tokens), experiment.Noise.Latent!.Noise);
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
