using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise.Gaussian;
using TorchSharp;

namespace NoisyNN.Tests.Networks;

/// <summary>
/// A network that another assembly adds: <see cref="ToyNetwork"/> and the files beside it are all that there is of it, and nothing of the
/// library or the program names it.
/// </summary>
[TestClass]
public sealed class RegisteredNetworkTests
{
    readonly PlantedImages _images = new();

    [ClassInitialize]
    public static void Register(TestContext context) => NetworkArchitectures.Register(typeof(ToyArchitecture).Assembly);

    [TestMethod]
    public void It_is_trained_scored_and_looked_into_by_the_public_catalog()
    {
        using var model = Train();

        var metrics = _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(90, seed: 3)));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        var features = _images.Context.Vision.Features("Hidden", "Pixels", model).Fit(_images.View(3));
        Assert.HasCount(8, features.Transform(_images.View(3)).GetColumn<float[]>("Hidden").First());
    }

    [TestMethod]
    public void Its_noise_acts_at_the_place_that_it_has_and_no_other()
    {
        using var network = new ToyConfiguration { ImageSize = 6, ClassCount = 3 }.Create();
        network.eval();
        using var pixels = torch.rand(2, 1, 6, 6) * 255;
        var quiet = network.call(pixels).data<float>().ToArray();
        network.SetLatentNoise(new(new GaussianNoise(1), NoiseSite.BeforeHead, AtInference: true));

        Assert.IsFalse(network.call(pixels).data<float>().ToArray().SequenceEqual(quiet));
        Assert.Throws<ArgumentException>(() => network.SetLatentNoise(new(new GaussianNoise(1), NoiseSite.AfterEmbedding)));
    }

    [TestMethod]
    public void It_is_saved_as_a_model_of_ML_NET_and_exported_as_ONNX_with_the_same_scores()
    {
        using var folder = new TemporaryFolder();
        using var model = Train();
        var rows = _images.View(20, seed: 4);
        var expected = Scores(model.Transform(rows));

        _images.Context.Model.Save(model, rows.Schema, folder["model.zip"]);
        var loaded = _images.Context.Model.Load(folder["model.zip"], out _);
        AssertClose(expected, Scores(loaded.Transform(rows)));

        var result = _images.Context.Vision.SaveAsOnnx(model, folder["model.onnx"], rows);
        Assert.IsLessThanOrEqualTo(1e-4, result.MaxAbsDifference);
        Assert.AreEqual((36 + 1) * 8 + (8 + 1) * 3, result.ParameterCount);
        AssertClose(
            expected,
            Scores(_images.Context.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"], "Score").Fit(rows).Transform(rows))
        );
        AssertHasOutput(folder["model.onnx"], ToyGraph.HiddenUnits);
    }

    [TestMethod]
    public void Weights_of_another_library_are_found_under_the_names_that_its_folder_knows()
    {
        using var folder = new TemporaryFolder();
        using var source = new ToyConfiguration { ImageSize = 6, ClassCount = 3 }.Create();
        var state = source.state_dict();
        using (var file = File.Create(folder["foreign.safetensors"]))
            Safetensors.Write(
                file,
                [
                    new("dense_1.weight", state["hidden.weight"]),
                    new("dense_1.bias", state["hidden.bias"]),
                    new("dense_2.weight", state["head.weight"].narrow(0, 0, 2)),
                    new("dense_2.bias", state["head.bias"].narrow(0, 0, 2)),
                ],
                new Dictionary<string, string>()
            );
        using var network = new ToyConfiguration { ImageSize = 6, ClassCount = 3 }.Create();

        var report = PretrainedWeights.Load(network, folder["foreign.safetensors"]);

        Assert.AreEqual("another library", report.Names);
        Assert.AreSequenceEqual(["hidden.weight", "hidden.bias"], report.Loaded);
        Assert.AreSequenceEqual(["head.weight", "head.bias"], report.Missing);
        Assert.IsTrue(network.state_dict()["hidden.weight"].eq(state["hidden.weight"]).all().item<bool>());
    }

    [TestMethod]
    public void An_experiment_file_names_it_and_the_run_trains_judges_ships_and_reads_it_back()
    {
        using var folder = new TinyExperiment();
        File.WriteAllText(
            folder["toy.yaml"],
            $"""
            name: toy
            data:
              directory: {folder.Images}
              imageSize: 8
              validationFraction: 0.25
            noise:
              latent:
                family: gaussian
                standardDeviation: 0.1
                site: before-head
            network:
              architecture: toy
              hiddenUnits: 12
            training:
              epochs: 3
              batchSize: 8
              learningRate: 1e-2
              threads: 1
            evaluation:
              batches: [1]
              shuffles: 1
            """
        );

        var run = TestTerminal.Run("train", folder["toy.yaml"], "--output", folder.Runs);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(File.ReadAllText(folder["runs/toy/summary.json"]))!;
        Assert.IsLessThanOrEqualTo(1e-4, summary["onnx"]!["maxAbsDifference"]!.GetValue<double>());
        StringAssert.Contains(File.ReadAllText(folder["runs/toy/experiment.yaml"]), "architecture: toy\n  hiddenUnits: 12");
        using var file = NetworkFile.Read(folder["runs/toy/noisy/network.safetensors"]);
        Assert.AreEqual(12, ((ToyNetwork)file.Network).Configuration.HiddenUnits);
        var export = TestTerminal.Run("export", folder["runs/toy"], "--output", folder["toy.onnx"]);
        Assert.AreEqual(0, export.ExitCode, export.Error);
        AssertHasOutput(folder["toy.onnx"], ToyGraph.HiddenUnits);
        string[] measure = ["measure", "--data", folder.Images, "--network", folder["runs/toy"], "--json"];
        var (found, named) = (TestTerminal.Run(measure), TestTerminal.Run([.. measure, "--embedding", ToyGraph.HiddenUnits]));
        Assert.AreEqual(0, found.ExitCode, found.Error);
        Assert.AreEqual(named.Output, found.Output);
    }

    [TestMethod]
    [DataRow("hiddenUnits: 65", "network.hiddenUnits must be at least 1 and at most 64, got 65")]
    [DataRow("hidenUnits: 6", "did you mean 'hiddenUnits'?")]
    [DataRow("patchSize: 4", "'patchSize' is a key of noisy-vit; it belongs to another architecture than toy")]
    public void Its_keys_are_as_strict_as_those_of_every_other_network(string key, string expected)
    {
        var error = Assert.Throws<DeclarationException>(() =>
            ExperimentFile.Parse($"name: toy\ndata:\n  manifest: m\nnetwork:\n  architecture: toy\n  {key}\n", "toy.yaml")
        );

        StringAssert.Contains(error.Message, expected);
        StringAssert.Contains(error.Message, "toy.yaml:6");
    }

    [TestMethod]
    public void The_program_lists_it_and_exports_it_by_name()
    {
        using var folder = new TemporaryFolder();
        var entry = JsonNode
            .Parse(TestTerminal.Run("networks", "--json").Output)!
            .AsArray()
            .Single(network => (string)network!["name"]! == "toy-6")!;
        Assert.AreEqual((36 + 1) * 8 + (8 + 1) * 3, (long)entry["parameters"]!);

        var run = TestTerminal.Run("export", "--network", "toy-6", "--random-weights", "--output", folder["toy.onnx"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    public void A_name_is_given_once()
    {
        // The same architecture again is no second one.
        NetworkArchitectures.Register(new ToyArchitecture());

        var error = Assert.Throws<ArgumentException>(() => NetworkArchitectures.Register(new NetworkArchitecture<ToyConfiguration>()));
        StringAssert.Contains(error.Message, "'toy' is already registered");
        error = Assert.Throws<ArgumentException>(() => NetworkArchitectures.Register(new TwinArchitecture()));
        StringAssert.Contains(error.Message, "'toy-6', but that name is taken");
        Assert.HasCount(1, NetworkArchitectures.All.Where(architecture => architecture.Name == "toy"));
    }

    [TestMethod]
    public void A_network_is_found_only_if_it_is_registered()
    {
        Assert.AreEqual(typeof(NoisyViTConfiguration), NetworkArchitectures.Find("noisy-vit").ConfigurationType);
        var error = Assert.Throws<ArgumentException>(() => NetworkArchitectures.Find("noisy-vgg"));
        StringAssert.Contains(error.Message, "the known ones are all-cnn, information-vae, noisy-classifier, noisy-resnet, noisy-vit");
    }

    NoisyNN.Models.Prediction.NetworkTransformer Train() =>
        _images
            .Context.Vision.Trainer(
                new NetworkTrainer.Options(new ToyConfiguration { ImageSize = 6 })
                {
                    MaxEpoch = 6,
                    BatchSize = 16,
                    LearningRate = 1e-2,
                    Seed = 7,
                    LogEverySteps = 0,
                    LatentNoise = new(new GaussianNoise(0.1), NoiseSite.BeforeHead),
                }
            )
            .Fit(_images.View(240), _images.View(60, seed: 2));

    static float[] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score").SelectMany(score => score)];

    static void AssertClose(float[] expected, float[] actual) =>
        Assert.IsLessThan(1e-4, expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max());

    static void AssertHasOutput(string path, string output)
    {
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(path);
        CollectionAssert.Contains(session.OutputMetadata.Keys.ToArray(), output);
    }

    /// <summary>Another architecture with a named network of the toy's.</summary>
    sealed class TwinArchitecture : NetworkArchitecture<TwinConfiguration>
    {
        public override IReadOnlyList<NamedNetwork> Networks { get; } = [new("toy-6", new TwinConfiguration { ClassCount = 3 })];
    }

    sealed record TwinConfiguration : ImageNetworkConfiguration
    {
        public override string Architecture => "twin";

        public override long ParameterCount => 0;

        public override string Summary => "a twin";

        public override ImageClassifier Create() => throw new NotSupportedException();
    }
}
