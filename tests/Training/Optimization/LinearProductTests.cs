using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training.Process;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Optimization;

/// <summary>The two ways of float32 products, and which of them a training takes.</summary>
[TestClass]
public class LinearProductTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Both_ways_give_the_same_values_and_gradients(int threads)
    {
        using var process = new TrainingProcess(threads);
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (input, weight, bias) = (
            randn(320, 48).requires_grad_(true),
            randn(80, 48).requires_grad_(true),
            randn(80).requires_grad_(true)
        );
        var direction = randn(320, 80);
        var (matrix, convolution) = (Compute(LinearProduct.Matrix), Compute(LinearProduct.Convolution));
        foreach (var (expected, actual) in matrix.Zip(convolution))
        {
            Assert.AreSequenceEqual(expected.shape, actual.shape);
            Assert.IsLessThan(1e-5f, ((expected - actual).abs().max() / expected.abs().max()).item<float>());
        }

        Tensor[] Compute(LinearProduct way)
        {
            var output = Products.Linear(input, weight, bias, Precision.Float32, way);
            return [output, .. autograd.grad([output], [input, weight, bias], [direction])];
        }
    }

    [TestMethod]
    [DataRow(64, DisplayName = "few rows")]
    [DataRow(325, DisplayName = "rows that do not divide into 16 images")]
    public void Other_numbers_of_rows_are_a_matrix_product(int rows)
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = (randn(rows, 48), randn(80, 48), randn(80));
        var convolution = Products.Linear(input, weight, bias, Precision.Float32, LinearProduct.Convolution);
        Assert.AreEqual(0f, (convolution - nn.functional.linear(input, weight, bias)).abs().max().item<float>());
    }

    [TestMethod]
    public void A_network_gives_the_same_logits_and_gradients_either_way()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var network = new NoisyViT(PlantedImages.Network with { ClassCount = 3 });
        using (no_grad())
            nn.init.normal_(network.state_dict()["head.weight"]);
        var pixels = rand(64, 1, 6, 6) * 255;
        var (matrix, convolution) = (Compute(LinearProduct.Matrix), Compute(LinearProduct.Convolution));
        foreach (var (name, gradient) in matrix)
            Assert.IsLessThan(1e-5f, ((gradient - convolution[name]).abs().max() / (gradient.abs().max() + 1e-3)).item<float>(), name);

        Dictionary<string, Tensor> Compute(LinearProduct way)
        {
            network.SetLinearProduct(way);
            network.zero_grad();
            var logits = network.call(pixels);
            logits.square().mean().backward();
            var results = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());
            results["logits"] = logits.detach();
            return results;
        }
    }

    [TestMethod]
    public void A_resumed_training_keeps_the_way_that_it_began_with()
    {
        using var variable = new Variable(FastestProduct.Variable);
        using var folder = new TemporaryFolder();
        variable.Value = "convolution";
        using var uninterrupted = Fit(Options());
        Assert.AreEqual(LinearProduct.Convolution, uninterrupted.Training.LinearProduct);

        using var stop = new CancellationTokenSource();
        var options = Options(folder.Path);
        options.CancellationToken = stop.Token;
        options.MetricsCallback = report => stop.Cancel();
        using (Fit(options)) { }
        variable.Value = "matrix";
        options = Options(folder.Path);
        options.Resume = true;
        using var resumed = Fit(options);

        Assert.AreEqual(LinearProduct.Convolution, resumed.Training.LinearProduct);
        Assert.IsNotNull(resumed.Training.ResumedFromStep);
        Assert.AreSequenceEqual(TrainedWeights.Of(uninterrupted), TrainedWeights.Of(resumed));
        // The other way does have other last bits, or this would show nothing.
        using var other = Fit(Options());
        Assert.AreEqual(LinearProduct.Matrix, other.Training.LinearProduct);
        Assert.IsFalse(TrainedWeights.Of(uninterrupted).SequenceEqual(TrainedWeights.Of(other)));
    }

    [TestMethod]
    public void The_option_decides_and_a_resumed_training_must_repeat_it()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path);
        options.LinearProduct = LinearProduct.Matrix;
        using (var model = Fit(options))
            Assert.AreEqual(LinearProduct.Matrix, model.Training.LinearProduct);
        (options.LinearProduct, options.Resume) = (LinearProduct.Convolution, true);
        Assert.Contains(
            "LinearProduct = Matrix, this training has Convolution",
            Assert.Throws<ArgumentException>(() => Fit(options)).Message
        );
    }

    [TestMethod]
    public void The_measurement_turns_out_the_same_each_time_and_a_wrong_variable_is_refused()
    {
        using var variable = new Variable(FastestProduct.Variable);
        variable.Value = null;
        var first = FastestProduct.On(CPU);
        for (var repetition = 0; repetition < 5; repetition++)
            Assert.AreEqual(first, FastestProduct.Measure());
        variable.Value = "fast";
        Assert.Contains(
            "NOISYNN_LINEAR is 'fast'; set it to matrix or convolution",
            Assert.Throws<ArgumentException>(() => FastestProduct.On(CPU)).Message
        );
    }

    [TestMethod]
    public void Channels_last_changes_the_order_in_memory_alone()
    {
        using var scope = NewDisposeScope();
        foreach (var channels in new[] { 1, 3 })
        {
            var maps = rand(2, channels, 5, 4);
            var last = ChannelsLast.Of(maps, width: 16);
            Assert.AreSequenceEqual(maps.shape, last.shape);
            Assert.AreSequenceEqual([20L * channels, 1, 4 * channels, channels], last.stride());
            Assert.AreEqual(0f, (maps - last).abs().max().item<float>());
            // A convolution keeps the order, so that it is made once for a network.
            Assert.AreEqual(1, nn.functional.conv2d(last, rand(6, channels, 3, 3)).stride()[1]);
        }
    }

    /// <summary>64 and 56 rows of five tokens: the first batch divides into images, the second does not.</summary>
    NoisyViTTrainer.Options Options(string? workspace = null)
    {
        var options = _images.Options(epochs: 2);
        (options.BatchSize, options.WorkspacePath, options.LogEverySteps) = (64, workspace, 1);
        return options;
    }

    NetworkTransformer Fit(NoisyViTTrainer.Options options) => _images.Context.Vision.NoisyViT(options).Fit(_images.View(120));

    /// <summary>A variable of the process, which gets its value back.</summary>
    sealed class Variable(string name) : IDisposable
    {
        readonly string? _before = Environment.GetEnvironmentVariable(name);

        public string? Value
        {
            set => Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Value = _before;
    }
}
