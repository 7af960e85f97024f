using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Advising;

[TestClass]
public sealed class AdviseCommandTests
{
    [TestMethod]
    public void Images_that_are_told_apart_without_noise_get_the_answer_none_and_a_second_run_trains_nothing()
    {
        using var images = new TinyExperiment();
        string[] arguments =
        [
            "advise",
            "--data",
            images.Images,
            "--noise",
            "gaussian:standardDeviation=20",
            "--noise",
            "optimal-mixing:axis=spatial-rows",
            "--minutes",
            "0.2",
            "--epochs",
            "1",
            "--output",
            images["advice"],
        ];

        var first = TestTerminal.Run([.. arguments, "--json"]);

        Assert.AreEqual(0, first.ExitCode, first.Error);
        var report = JsonNode.Parse(first.Output)!;
        Assert.IsNull(report["advised"]);
        Assert.IsGreaterThan(0, report["trainings"]!.GetValue<int>());
        var lines = File.ReadAllLines(images["advice/trials.jsonl"]).Length;

        var second = TestTerminal.Run(arguments);

        Assert.AreEqual(0, second.ExitCode, second.Error);
        Assert.Contains("continuing after", second.Error);
        Assert.Contains("Advised: none.", second.Output);
        Assert.HasCount(lines, File.ReadAllLines(images["advice/trials.jsonl"]));
    }

    [TestMethod]
    public void Noise_across_the_batch_is_refused()
    {
        using var images = new TinyExperiment();

        var run = TestTerminal.Run("advise", "--data", images.Images, "--noise", "optimal-mixing:axis=batch", "--output", images["advice"]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        Assert.Contains("mixes the rows of a batch", run.ErrorLines.Single());
    }
}
