using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class NetworkSectionTests
{
    [TestMethod]
    public void Each_architecture_has_its_own_keys_and_defaults()
    {
        Assert.AreEqual(new NetworkSection(Architecture.NoisyVit, 4, 64, 4, 4, 128, 0), Network(""));
        Assert.AreEqual((18, 64, ResNetStem.Small), Sizes(Network("architecture: noisy-resnet")));
        Assert.AreEqual(
            (50, 16, ResNetStem.ImageNet),
            Sizes(Network("architecture: noisy-resnet", "depth: 50", "width: 16", "stem: image-net"))
        );
        Assert.IsNull(Network("architecture: noisy-resnet").PatchSize);

        static (int?, int?, ResNetStem?) Sizes(NetworkSection network) => (network.Depth, network.Width, network.Stem);
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
        var published = Network("architecture: all-cnn");
        Assert.AreEqual((100, 0.8, DropoutKind.Information, InformationPrior.LogUniform, 3.0, 0.7), Keys(published));
        CollectionAssert.AreEqual(new[] { 96, 192 }, published.Widths!.ToArray());

        var other = Network(
            "architecture: all-cnn",
            "widths: [8, 16, 32]",
            "filterPercentage: 25",
            "inputKeepProbability: 1",
            "dropoutKind: variational",
            "maxAlpha: 1"
        );
        Assert.AreEqual((25, 1.0, DropoutKind.Variational, InformationPrior.LogUniform, 1.0, 1.0), Keys(other));
        CollectionAssert.AreEqual(new[] { 8, 16, 32 }, other.Widths!.ToArray());
        Assert.AreEqual(InformationPrior.LogNormal, Network("architecture: all-cnn", "prior: log-normal").Prior);

        static (int?, double?, DropoutKind?, InformationPrior?, double?, double?) Keys(NetworkSection network) =>
            (network.FilterPercentage, network.InputKeepProbability, network.DropoutKind, network.Prior, network.Beta, network.MaxAlpha);
    }

    static NetworkSection Network(params string[] keys) =>
        ExperimentFile
            .Parse(
                "name: trial\ndata:\n  manifest: fashion-mnist\nnetwork: "
                    + (keys is [""] ? "{}\n" : '\n' + string.Concat(keys.Select(key => $"  {key}\n"))),
                "trial.yaml"
            )
            .Experiment.Network;
}
