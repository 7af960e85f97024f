using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Hosted;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Weights;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Tests.Networks;

/// <summary>A TorchSharp module that knows nothing of this library, trained as this library's networks are.</summary>
[TestClass]
public sealed class HostedModuleTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void A_module_is_trained_and_scores_as_a_transformer()
    {
        using var model = Train(Options());

        var metrics = _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(90, seed: 3)));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        var network = (HostedNetwork)model.Network;
        Assert.AreSequenceEqual(["0", "1", "2", "3", "4", "logits"], network.Layers);
        Assert.AreEqual("Sequential", network.GetName());
    }

    [TestMethod]
    public void It_sees_normalised_pixels()
    {
        using var network = Create(
            new()
            {
                Mean = [0.25],
                StandardDeviation = [0.5],
                Blocks = ["0"],
            },
            _ => Sequential(("0", Flatten()), ("1", Linear(36, 3)))
        );

        using var seen = network.Activations(full([1, 1, 6, 6], 255.0 / 2), "0");

        Assert.IsLessThan(1e-6f, seen.sub(0.5).abs().max().item<float>());
    }

    [TestMethod]
    public void Noise_at_a_named_submodule_changes_what_enters_or_leaves_it_and_nothing_before()
    {
        using var network = Create(new() { Blocks = ["first", "second"] }, Named);
        using var pixels = rand(4, 1, 6, 6) * 255;
        var shift = new CircularShiftNoise(1, MixAxis.Batch);
        using var first = network.Activations(pixels, "first");
        using var second = network.Activations(pixels, "second");
        var (block, quiet) = (network.Configuration.BlockIndex("second"), Values(network.call(pixels)));

        network.SetLatentNoise(new(shift, NoiseSite.BlockOutput, block, AtInference: true));

        Assert.AreSequenceEqual(Values(first), Values(network.Activations(pixels, "first")));
        // A whole shift across the batch gives every row what its successor had.
        Assert.AreSequenceEqual(Values(second.roll(-1, 0)), Values(network.Activations(pixels, "second")));
        Assert.IsFalse(Values(network.call(pixels)).SequenceEqual(quiet));

        network.SetLatentNoise(new(shift, NoiseSite.BlockInput, block, AtInference: true));
        Assert.AreSequenceEqual(Values(first), Values(network.Activations(pixels, "first")));
        Assert.IsFalse(Values(network.call(pixels)).SequenceEqual(quiet));

        network.SetLatentNoise(null);
        Assert.AreSequenceEqual(quiet, Values(network.call(pixels)));
    }

    [TestMethod]
    public void Noise_in_training_alone_changes_the_weights_and_no_prediction()
    {
        var options = Options();
        using var quiet = Train(options);
        options.LatentNoise = new(new GaussianNoise(0.5), NoiseSite.BlockOutput, Layer: 1);
        using var noisy = Train(options);

        Assert.IsFalse(Weight(quiet).SequenceEqual(Weight(noisy)));
        Assert.AreSequenceEqual(Scores(noisy), Scores(noisy));

        static float[] Weight(NetworkTransformer model) => Values(model.Network.state_dict()["module.1.weight"]);
    }

    [TestMethod]
    public void Its_weights_are_saved_and_begin_another_training()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options());
        var module = ((HostedNetwork)model.Network).Module;
        using (var file = File.Create(folder["module.safetensors"]))
            Safetensors.Write(file, [.. module.state_dict()], new Dictionary<string, string>());
        var options = Options();
        (options.PretrainedPath, options.LearningRate, options.MaxEpoch) = (folder["module.safetensors"], 1e-12, 1);

        using var again = Train(options);

        Assert.HasCount(4, again.Training.Pretrained!.Loaded);
        Assert.IsEmpty(again.Training.Pretrained.Missing);
        Assert.IsLessThan(1e-5, Scores(model).Zip(Scores(again), (one, other) => Math.Abs(one - other)).Max());
    }

    [TestMethod]
    public void A_training_is_resumed_with_the_same_module_and_refused_with_another()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var options = Options();
        options.WorkspacePath = folder.Path;
        options.CancellationToken = stop.Token;
        options.LogEverySteps = 1;
        options.MetricsCallback = report =>
        {
            if (report.Step == 5)
                stop.Cancel();
        };
        Train(options).Dispose();
        options = Options();
        (options.WorkspacePath, options.Resume) = (folder.Path, true);

        var error = Assert.Throws<ArgumentException>(() =>
            _images.Context.Vision.Trainer(classes => Sequential(Flatten(), Linear(36, classes)), options).Fit(_images.View(240))
        );
        StringAssert.Contains(error.Message, "was made with Network = ");

        using var resumed = Train(options);
        using var uninterrupted = Train(Options());
        Assert.AreEqual(5, resumed.Training.ResumedFromStep);
        Assert.AreSequenceEqual(Scores(uninterrupted), Scores(resumed));
    }

    [TestMethod]
    public void It_is_not_exported_without_a_graph_and_the_message_says_how_to_give_one()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options());

        var error = Assert.Throws<NotSupportedException>(() => _images.Context.Vision.SaveAsOnnx(model, folder["module.onnx"]));

        StringAssert.Contains(error.Message, "HostedConfiguration.Graph");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
        Assert.Throws<NotSupportedException>(() => _images.Context.Model.Save(model, _images.View(3).Schema, folder["model.zip"]));
    }

    [TestMethod]
    public void With_a_graph_it_is_exported_and_compared_with_the_module()
    {
        using var folder = new TemporaryFolder();
        var options = Options();
        options.Network = options.Network with { Graph = new(Graph) };
        using var model = Train(options);

        var result = _images.Context.Vision.SaveAsOnnx(model, folder["module.onnx"], _images.View(20));

        Assert.IsLessThanOrEqualTo(1e-4, result.MaxAbsDifference);
        var rows = _images.View(20);
        var scored = _images.Context.Scoring.OnnxBatch("Score", "Pixels", folder["module.onnx"], "Score").Fit(rows).Transform(rows);
        Assert.IsLessThan(
            1e-4,
            Scores(model).Zip(scored.GetColumn<float[]>("Score").SelectMany(score => score), (one, other) => Math.Abs(one - other)).Max()
        );

        GraphBuilder Graph(NetworkWeights weights, bool anySize)
        {
            var graph = new GraphBuilder("mine");
            var pixels = graph.Normalize(graph.Pixels(options.Network), options.Network);
            var flat = graph.Node("Flatten", [pixels]);
            var hidden = graph.Relu(graph.Linear(flat, weights["1.weight"], weights["1.bias"]));
            graph.Scores(graph.Linear(hidden, weights["4.weight"], weights["4.bias"]), classCount: 3);
            return graph;
        }
    }

    [TestMethod]
    [DataRow("third", "no submodule 'third'; it has first, second, head")]
    [DataRow("list", "is a ModuleList")]
    [DataRow("unused", "did not call its submodule 'unused'")]
    public void A_submodule_that_cannot_have_noise_is_refused_by_name(string name, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Create(new() { Blocks = [name] }, name == "third" ? Named : classes => new WithParts(classes))
        );

        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void A_module_whose_output_is_not_one_logit_a_class_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Create(new(), _ => Sequential(Flatten(), Linear(36, 7))));

        StringAssert.Contains(error.Message, "gives [1, 7] for one image, but 3 classes need [1, 3]");
    }

    static Module<Tensor, Tensor> Named(int classes) =>
        Sequential(("first", Sequential(Flatten(), Linear(36, 8))), ("second", ReLU()), ("head", Linear(8, classes)));

    ModuleTrainer.Options Options() =>
        new()
        {
            Network = new() { ImageSize = 6 },
            MaxEpoch = 6,
            BatchSize = 16,
            LearningRate = 1e-2,
            Seed = 7,
            LogEverySteps = 0,
            ThreadCount = 1,
        };

    NetworkTransformer Train(ModuleTrainer.Options options) =>
        _images
            .Context.Vision.Trainer(classes => Sequential(Flatten(), Linear(36, 16), ReLU(), Dropout(0.1), Linear(16, classes)), options)
            .Fit(_images.View(240), _images.View(60, seed: 2));

    static HostedNetwork Create(HostedConfiguration configuration, Func<int, Module<Tensor, Tensor>> module)
    {
        var network = (HostedNetwork)(configuration with { ImageSize = 6, ClassCount = 3, Module = module }).Create();
        network.eval();
        return network;
    }

    float[] Scores(NetworkTransformer model) =>
        [.. model.Transform(_images.View(20)).GetColumn<float[]>("Score").SelectMany(score => score)];

    static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    /// <summary>A module with a list, which computes nothing, and a part that it does not call.</summary>
    sealed class WithParts : Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.ModuleList<Module<Tensor, Tensor>> list;
        readonly TorchSharp.Modules.Linear unused = Linear(2, 2);

        public WithParts(int classes)
            : base(nameof(WithParts))
        {
            list = new([Linear(36, classes)]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => list[0].call(input.flatten(1));
    }
}
