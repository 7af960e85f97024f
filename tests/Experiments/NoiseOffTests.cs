using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Layers;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>"Noise off" means off, whatever an experiment does to its network at inference.</summary>
[TestClass]
public sealed class NoiseOffTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Run(string name, params string[] assignments)
    {
        var run = TestTerminal.Run([
            "train",
            s_experiment.Declaration,
            "--output",
            s_experiment.Runs,
            "--set",
            $"name={name}",
            .. assignments.SelectMany(assignment => (string[])["--set", assignment]),
        ]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/{name}/summary.json"]))!;
    }

    [TestMethod]
    public void Noise_that_stays_on_after_training_is_off_in_the_headline_the_protocol_and_the_file()
    {
        var summary = Run(
            "always",
            "noise.latent={family: gaussian, standardDeviation: 100, site: before-head, inference: true}",
            "pipeline=[{family: gaussian, standardDeviation: 200, scope: always}, {family: salt-and-pepper, probability: 0.1}]",
            "evaluation.baseline=false"
        );

        var headline = summary["runs"]![0]!["testAccuracy"]!.GetValue<double>();
        Assert.AreEqual(headline, summary["onnx"]!["testAccuracy"]!.GetValue<double>(), "the file has no noise");
        Assert.AreEqual(
            headline,
            summary["protocol"]!.AsArray().Single(row => row!["noise"]!.GetValue<string>() == "off")!["accuracy"]!.GetValue<double>()
        );
        Assert.IsTrue(summary["batchInvariance"]!.GetValue<double>() < 1e-3, "Gaussian noise would be another one on each call");

        using var session = new InferenceSession(s_experiment["runs/always/model.onnx"]);
        var noise = JsonNode.Parse(session.ModelMetadata.CustomMetadataMap["noisy.noise_spec"])!;
        Assert.AreEqual(200, noise["pipeline"]![0]!["noise"]!["standardDeviation"]!.GetValue<double>());
        Assert.AreEqual("always", noise["pipeline"]![0]!["scope"]!.GetValue<string>());
        Assert.AreEqual(0.1, noise["pipeline"]![1]!["noise"]!["probability"]!.GetValue<double>());
        Assert.AreEqual("before-head", noise["latent"]!["site"]!.GetValue<string>());
    }

    [TestMethod]
    public void Without_a_leak_section_nothing_is_claimed_about_one()
    {
        var summary = Run("plain", "evaluation.leak=", "evaluation.baseline=false", "training.epochs=1");

        Assert.IsEmpty(summary["protocol"]!.AsArray());
        Assert.IsNull(summary["leakIndex"]);
        Assert.IsNull(summary["batchInvarianceWithNoise"]);
        Assert.IsTrue(summary["batchInvariance"]!.GetValue<double>() < 1e-4, "that one is checked on every run");
        Assert.IsFalse(File.ReadAllText(s_experiment["runs/plain/report.html"]).Contains("Is the gain real?", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_networks_own_noise_at_inference_is_what_the_protocol_judges_where_nothing_else_is_declared()
    {
        var own = ExperimentFile.Load(s_experiment.Declaration, ["noise.latent.inference=true", "evaluation.leak="]).Experiment;
        var none = ExperimentFile.Load(s_experiment.Declaration, ["evaluation.leak="]).Experiment;

        Assert.AreEqual(own.Noise.Latent!.Placement with { InTraining = false }, own.NoiseAtInference!.Placement);
        Assert.IsNull(none.NoiseAtInference);
    }

    [TestMethod]
    public void Two_steps_of_the_same_noise_on_a_column_draw_different_values()
    {
        var ml = new MLContext(1);
        var data = ImageFolder.Load(ml, s_experiment.Images, new ImageFolderOptions { ImageSize = 8 });
        var experiment = ExperimentFile
            .Load(
                s_experiment.Declaration,
                ["pipeline=[{family: gaussian, standardDeviation: 8}, {family: gaussian, standardDeviation: 8}]"]
            )
            .Experiment;

        float[] Values(int step) =>
            ColumnNoise.Create(ml, experiment, step).Fit(data.Train).Transform(data.Train).GetColumn<float[]>("Pixels").First();

        CollectionAssert.AreEqual(Values(0), Values(0));
        CollectionAssert.AreNotEqual(Values(0), Values(1));
    }
}
