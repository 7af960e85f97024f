using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class NetworkSectionTests
{
    [TestMethod]
    public void Each_architecture_has_its_own_keys_and_defaults()
    {
        var defaults = Network("");
        Assert.AreEqual(
            new NoisyViTConfiguration
            {
                Dimension = 64,
                Depth = 4,
                Heads = 4,
                MlpDimension = 128,
                DropoutRate = 0,
                Mean = defaults.Mean,
                StandardDeviation = defaults.StandardDeviation,
            },
            defaults
        );
        Assert.AreEqual(4, ((NoisyViTConfiguration)defaults).PatchSize);
        Assert.AreEqual((18, 64, ResNetStem.Small), Sizes(Network("architecture: noisy-resnet")));
        Assert.AreEqual(
            (50, 16, ResNetStem.ImageNet),
            Sizes(Network("architecture: noisy-resnet", "depth: 50", "width: 16", "stem: image-net"))
        );

        static (int, int, ResNetStem) Sizes(ImageNetworkConfiguration network) =>
            network is NoisyResNetConfiguration residual ? (residual.Depth, residual.Width, residual.Stem) : default;
    }

    [TestMethod]
    public void The_perceptron_of_a_transformer_is_twice_as_wide_as_a_token_where_the_file_leaves_it_out()
    {
        Assert.AreEqual(96, ((NoisyViTConfiguration)Network("dimension: 48")).MlpDimension);
        Assert.AreEqual(100, ((NoisyViTConfiguration)Network("dimension: 48", "mlpDimension: 100")).MlpDimension);
    }

    [TestMethod]
    public void What_is_written_down_reads_back_as_the_same_network()
    {
        var file = Parse("architecture: all-cnn", "widths: [8, 16]", "dropoutKind: variational", "pretrained: weights.safetensors");
        var again = ExperimentFile.Parse(file.Effective, "again.yaml").Experiment.Network;
        StringAssert.Contains(file.Effective, "dropoutKind: variational");
        StringAssert.Contains(file.Effective, "beta: 1");
        Assert.AreEqual("weights.safetensors", again.Pretrained);
        Assert.AreEqual(file.Effective, ExperimentFile.Parse(file.Effective, "again.yaml").Effective);
    }

    [TestMethod]
    [DataRow("architecture: noisy-vti", "did you mean 'noisy-vit'?")]
    [DataRow("architecture: noisy-classifier", "takes one of all-cnn, information-vae, noisy-resnet, noisy-vit")]
    [DataRow("patchSize: 0", "network.patchSize must be at least 1 and at most 256, got 0")]
    [DataRow("dropout: 1", "network.dropout must be at least 0 and below 1, got 1")]
    [DataRow("imageSize: 32", "unknown key 'imageSize'")]
    [DataRow("stem: small", "'stem' is a key of noisy-resnet")]
    public void A_wrong_key_or_value_is_refused_with_the_remedy(string key, string expected)
    {
        var message = Assert.Throws<DeclarationException>(() => Network(key)).Message;

        StringAssert.Contains(message, expected);
        StringAssert.Contains(message, "trial.yaml:5");
    }

    [TestMethod]
    [DataRow("architecture: noisy-resnet", "patchSize: 4", "another architecture than noisy-resnet")]
    [DataRow("architecture: noisy-vit", "stem: small", "another architecture than noisy-vit")]
    [DataRow("architecture: noisy-vit", "beta: 3", "another architecture than noisy-vit")]
    [DataRow("architecture: all-cnn", "depth: 4", "another architecture than all-cnn")]
    [DataRow("architecture: noisy-resnet", "widths: [8]", "another architecture than noisy-resnet")]
    [DataRow("architecture: noisy-vit", "heads: 5", "64 cannot be split over 5 heads")]
    public void A_key_of_another_architecture_is_refused_with_its_line(string architecture, string key, string expected)
    {
        var message = Assert.Throws<DeclarationException>(() => Network(architecture, key)).Message;

        StringAssert.Contains(message, expected);
        StringAssert.Contains(message, "trial.yaml:6");
    }

    [TestMethod]
    public void The_all_convolutional_network_takes_its_dropout_and_its_price_from_the_file()
    {
        var published = Network("architecture: all-cnn") as AllCnnConfiguration;
        Assert.IsNotNull(published);
        Assert.AreEqual((100, 0.8, DropoutKind.Information, InformationPrior.LogUniform, 3.0, 0.7), Keys(published));
        CollectionAssert.AreEqual(new[] { 96, 192 }, published.Widths.ToArray());

        var other = (AllCnnConfiguration)Network(
            "architecture: all-cnn",
            "widths: [8, 16, 32]",
            "filterPercentage: 25",
            "inputKeepProbability: 1",
            "dropoutKind: variational",
            "maxAlpha: 1"
        );
        Assert.AreEqual((25, 1.0, DropoutKind.Variational, InformationPrior.LogUniform, 1.0, 1.0), Keys(other));
        CollectionAssert.AreEqual(new[] { 8, 16, 32 }, other.Widths.ToArray());
        Assert.AreEqual(
            InformationPrior.LogNormal,
            ((AllCnnConfiguration)Network("architecture: all-cnn", "prior: log-normal")).Dropout.Prior
        );

        static (int, double, DropoutKind, InformationPrior, double, double) Keys(AllCnnConfiguration network) =>
            (
                network.FilterPercentage,
                network.InputKeepProbability,
                network.Dropout.Kind,
                network.Dropout.Prior,
                network.Dropout.Beta,
                network.Dropout.MaxAlpha
            );
    }

    static ImageNetworkConfiguration Network(params string[] keys) =>
        (ImageNetworkConfiguration)Parse(keys).Experiment.Network.Configuration;

    static ExperimentFile Parse(params string[] keys) =>
        ExperimentFile.Parse(
            "name: trial\ndata:\n  manifest: fashion-mnist\nnetwork: "
                + (keys is [""] ? "{}\n" : '\n' + string.Concat(keys.Select(key => $"  {key}\n"))),
            "trial.yaml"
        );
}
