using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Features;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.InformationDropout;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Features;

[TestClass]
public sealed class FeaturesTests
{
    readonly PlantedImages _images = new();

    MLContext Context => _images.Context;

    [TestMethod]
    [DataRow("class_token", new[] { 16 })]
    [DataRow("pooled", new[] { 16 })]
    [DataRow("block.0", new[] { 5, 16 })]
    [DataRow("block.1", new[] { 5, 16 })]
    [DataRow("logits", new[] { 3 })]
    public void Layers_of_a_transformer_are_columns_of_their_own_shape(string layer, int[] shape)
    {
        using var network = Transformer();
        var view = _images.View(23);
        var embedded = Context.Vision.Features("Embedding", "Pixels", network, layer, batchSize: 7).Fit(view).Transform(view);

        Assert.AreSequenceEqual(shape, ((VectorDataViewType)embedded.Schema["Embedding"].Type).Dimensions);
        var rows = embedded.GetColumn<float[]>("Embedding").ToArray();
        var pixels = view.GetColumn<float[]>("Pixels").ToArray();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var together = network
            .Activations(tensor(pixels.SelectMany(row => row).ToArray()).reshape(23, 1, 6, 6), layer)
            .contiguous()
            .data<float>()
            .ToArray();
        for (var index = 0; index < together.Length; index++)
            Assert.AreEqual(together[index], rows[index / rows[0].Length][index % rows[0].Length], 1e-5);
    }

    [TestMethod]
    public void Class_token_of_the_last_block_is_what_the_head_reads_before_its_normalisation()
    {
        using var network = Transformer();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = rand(3, 1, 6, 6) * 255;
        var token = network.Activations(pixels, "block.1").select(1, 0);
        var (weight, bias) = (network.state_dict()["norm.weight"], network.state_dict()["norm.bias"]);
        var normed =
            (token - token.mean([1], keepdim: true))
                / ((token - token.mean([1], keepdim: true)).square().mean([1], keepdim: true) + 1e-6).sqrt()
                * weight
            + bias;
        Assert.IsLessThan(1e-5, (normed - network.features(pixels)).abs().max().item<float>());
    }

    [TestMethod]
    public void Pooled_tokens_are_the_mean_of_the_patches_after_the_last_normalisation()
    {
        using var network = Transformer();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = rand(3, 1, 6, 6) * 255;
        var tokens = network.Activations(pixels, "block.1");
        var (weight, bias) = (network.state_dict()["norm.weight"], network.state_dict()["norm.bias"]);
        var centred = tokens - tokens.mean([2], keepdim: true);
        var normed = centred / (centred.square().mean([2], keepdim: true) + 1e-6).sqrt() * weight + bias;
        Assert.IsLessThan(1e-5, (normed.narrow(1, 1, 4).mean([1]) - network.Activations(pixels, "pooled")).abs().max().item<float>());
    }

    [TestMethod]
    public void Convolutional_networks_give_maps()
    {
        manual_seed(1);
        using var residual = new NoisyResNet(
            new()
            {
                ImageSize = 6,
                ClassCount = 3,
                Depth = 18,
                Width = 4,
            }
        );
        using var convolutional = new AllCnn(
            new()
            {
                ImageSize = 6,
                ClassCount = 3,
                Widths = [4, 6],
            }
        );
        foreach (
            var (network, layer, shape) in new (Classifier, string, int[])[]
            {
                (residual, "block.0", [4, 6, 6]),
                (residual, "block.7", [32, 1, 1]),
                (residual, "pooled", [32]),
                (convolutional, "block.0", [4, 3, 3]),
                (convolutional, "block.1", [6, 2, 2]),
                (convolutional, "pooled", [3]),
            }
        )
        {
            var view = _images.View(3);
            var embedded = Context.Vision.Features("Embedding", "Pixels", network, layer).Fit(view).Transform(view);
            Assert.AreSequenceEqual(shape, ((VectorDataViewType)embedded.Schema["Embedding"].Type).Dimensions, layer);
            Assert.AreEqual(shape.Aggregate((a, b) => a * b), embedded.GetColumn<float[]>("Embedding").First().Length);
        }
    }

    [TestMethod]
    public void A_wrong_name_lists_the_layers_that_there_are()
    {
        using var network = Transformer();
        var refused = Assert.ThrowsExactly<ArgumentException>(() => Context.Vision.Features("Embedding", "Pixels", network, "block.2"));
        StringAssert.Contains(refused.Message, "block.0, block.1, class_token, logits, pooled", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_wrong_column_is_named_at_once()
    {
        using var network = Transformer();
        var view = _images.View(3);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Vision.Features("Embedding", "Image", network).Fit(view));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Vision.Features("Embedding", "Label", network).Fit(view));
    }

    [TestMethod]
    public void Features_of_a_trained_network_feed_a_noisy_head_in_one_pipeline()
    {
        using var backbone = Context.Vision.AllCnn(AllCnnTrainerTests.Options(epochs: 3)).Fit(_images.View(160));
        var pipeline = Context
            .Vision.Features("Embedding", "Pixels", backbone, "block.1")
            .Append(Context.Noise.Gaussian("Embedding", standardDeviation: 0.1))
            .Append(
                Context.Vision.NoisyClassifier(
                    new NoisyClassifierTrainer.Options
                    {
                        FeatureColumnName = "Embedding",
                        MaxEpoch = 15,
                        BatchSize = 16,
                        LearningRate = 2e-2,
                        Seed = 1,
                        LogEverySteps = 0,
                    }
                )
            );
        var model = pipeline.Fit(_images.View(160));
        var metrics = Context.MulticlassClassification.Evaluate(model.Transform(_images.View(90, seed: 3)));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);

        using var engine = Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(model);
        var batch = model.Transform(_images.View(5, seed: 3)).GetColumn<float[]>("Score").ToArray();
        var rows = PlantedImages.Rows(5, seed: 3);
        for (var row = 0; row < 5; row++)
            Assert.AreEqual(batch[row][0], engine.Predict(rows[row]).Score[0], 1e-4);
    }

    [TestMethod]
    public void A_chain_of_features_and_head_is_saved_and_loads_where_only_ML_NET_is_known()
    {
        using var folder = new TemporaryFolder();
        using var backbone = Transformer();
        var train = _images.View(60);
        var model = Context
            .Vision.Features("Embedding", "Pixels", backbone)
            .Append(Context.Noise.Gaussian("Embedding", standardDeviation: 0.1))
            .Append(
                Context.Vision.NoisyClassifier(
                    new NoisyClassifierTrainer.Options
                    {
                        FeatureColumnName = "Embedding",
                        MaxEpoch = 2,
                        Seed = 1,
                        LogEverySteps = 0,
                    }
                )
            )
            .Fit(train);
        Context.Model.Save(model, train.Schema, folder["chain.zip"]);

        var view = _images.View(9, seed: 5);
        var loaded = new MLContext().Model.Load(folder["chain.zip"], out _).Transform(view).GetColumn<float[]>("Score").ToArray();
        var expected = model.Transform(view).GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < 9; row++)
        for (var label = 0; label < 3; label++)
            Assert.AreEqual(expected[row][label], loaded[row][label], 1e-4);
    }

    [TestMethod]
    public void Noise_across_the_batch_makes_features_no_row_to_row_mapper()
    {
        using var network = Transformer();
        network.SetLatentNoise(new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.BlockInput, Layer: 0, AtInference: true));
        var features = Context.Vision.Features("Embedding", "Pixels", network).Fit(_images.View(3));
        Assert.IsFalse(features.IsRowToRowMapper);
        Assert.ThrowsExactly<ArgumentException>(() => features.GetRowToRowMapper(_images.View(3).Schema));
    }

    [TestMethod]
    [DataRow("class_token")]
    [DataRow("logits")]
    public void What_the_graph_has_as_an_output_is_saved_and_loads_where_only_ML_NET_is_known(string layer)
    {
        using var folder = new TemporaryFolder();
        using var network = Transformer();
        var view = _images.View(9);
        var features = Context.Vision.Features("Embedding", "Pixels", network, layer).Fit(view);
        var path = Path.Combine(folder.Path, "features.zip");
        Context.Model.Save(features, view.Schema, path);

        var loaded = new MLContext().Model.Load(path, out _).Transform(view).GetColumn<float[]>("Embedding").ToArray();
        var expected = features.Transform(view).GetColumn<float[]>("Embedding").ToArray();
        for (var row = 0; row < 9; row++)
        for (var index = 0; index < expected[row].Length; index++)
            Assert.AreEqual(expected[row][index], loaded[row][index], 1e-4);
    }

    [TestMethod]
    public void What_the_graph_has_not_is_not_saved_and_the_message_says_what_is()
    {
        using var folder = new TemporaryFolder();
        using var network = Transformer();
        var view = _images.View(3);
        var features = Context.Vision.Features("Embedding", "Pixels", network, "block.0").Fit(view);
        var refused = Assert.Throws<NotSupportedException>(() =>
            Context.Model.Save(features, view.Schema, Path.Combine(folder.Path, "features.zip"))
        );
        StringAssert.Contains(refused.Message, "class_token", StringComparison.Ordinal);
    }

    static NoisyViT Transformer()
    {
        manual_seed(2);
        var network = new NoisyViT(PlantedImages.Network with { ClassCount = 3 });
        using var gradients = no_grad();
        foreach (var parameter in network.parameters())
            parameter.add_(randn_like(parameter) * 0.2);
        network.eval();
        return network;
    }

    sealed class Scored
    {
        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }
}
