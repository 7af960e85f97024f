using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Nuisances;

/// <summary>Occlusion and clutter as a part of an experiment's data, and what the features tell about their place.</summary>
[TestClass]
public sealed class NuisanceRunTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    [TestMethod]
    public void A_run_with_occlusion_has_the_bits_of_its_place_in_summary_report_and_output()
    {
        var run = Start("occluded", "data.occlusion={size: 3, fill: other-image}");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(File.ReadAllText(s_experiment["runs/occluded/summary.json"]))!;
        // log2(9) bits are the most that a place can have; the estimate is a lower bound that falls below 0 where nothing is found.
        Assert.IsTrue(summary["runs"]![0]!["placeInformation"]!.GetValue<double>() is > -10 and < 3.17);
        StringAssert.Contains(summary["dataset"]!["notes"]!.ToJsonString(), "occlusion at a random place");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/occluded/report.html"]), "bits about the place of the nuisance");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/occluded/experiment.yaml"]), "fill: other-image");
        StringAssert.Contains(run.Output + run.Error, "bits about the place of the nuisance");
    }

    [TestMethod]
    public void Clutter_makes_the_images_larger_and_the_network_with_them()
    {
        var run = Start("cluttered", "data.clutter={canvasSize: 16, pieces: 3, pieceSize: 4}");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(File.ReadAllText(s_experiment["runs/cluttered/summary.json"]))!;
        Assert.AreEqual("[3,16,16]", summary["dataset"]!["shape"]!.ToJsonString());
        // A model of the run is judged on the images of the run, clutter and all.
        var evaluated = TestTerminal.Run(["evaluate", s_experiment["runs/cluttered"], "--json"]);
        Assert.AreEqual(0, evaluated.ExitCode, evaluated.Error);
    }

    [TestMethod]
    public void A_run_without_a_nuisance_has_no_such_figure()
    {
        Assert.AreEqual(0, Start("plain").ExitCode);

        Assert.IsNull(JsonNode.Parse(File.ReadAllText(s_experiment["runs/plain/summary.json"]))!["runs"]![0]!["placeInformation"]);
    }

    [TestMethod]
    [DataRow("data.occlusion={size: 8}", "A square of 8 pixels covers all of an image of 8 x 8")]
    [DataRow("data.occlusion={size: 0}", "data.occlusion: The size is 1 to 4096 pixels.")]
    [DataRow("data.clutter={canvasSize: 8}", "A canvas of 8 pixels has no room")]
    [DataRow("data.clutter={canvasSize: 20, pieceSize: 9}", "No crop of 9 pixels fits into an image of 8 x 8")]
    public void A_nuisance_that_does_not_fit_is_refused(string setting, string message)
    {
        var run = Start("refused", setting);

        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error, message);
    }

    [TestMethod]
    public void Two_nuisances_at_once_are_refused()
    {
        var run = Start("both", "data.occlusion={size: 3}", "data.clutter={canvasSize: 16}");

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, "give either 'occlusion' or 'clutter'");
    }

    static TestTerminal Start(string name, params string[] overrides) =>
        s_experiment.Train(
            name,
            [
                "evaluation={baseline: false, batches: [4], shuffles: 1}",
                "noise={}",
                "training={epochs: 1, batchSize: 8, threads: 1}",
                .. overrides,
            ]
        );
}
