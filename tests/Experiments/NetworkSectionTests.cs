using NoisyNN.Models.Architectures;
using NoisyNN.Pipelines.Declarations;
using NoisyNN.Pipelines.Experiments;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class NetworkSectionTests
{
    [TestMethod]
    public void Each_architecture_has_its_own_keys_and_defaults()
    {
        Assert.AreEqual(new NetworkSection(Architecture.NoisyVit, 4, 64, 4, 4, 128, 0), Network(""));
        Assert.AreEqual((18, 64, ResNetStem.Small), Sizes(Network("architecture: noisy-resnet")));
        Assert.AreEqual((50, 16, ResNetStem.ImageNet), Sizes(Network("architecture: noisy-resnet", "depth: 50", "width: 16", "stem: image-net")));
        Assert.IsNull(Network("architecture: noisy-resnet").PatchSize);

        static (int?, int?, ResNetStem?) Sizes(NetworkSection network) => (network.Depth, network.Width, network.Stem);
    }

    [TestMethod]
    [DataRow("architecture: noisy-resnet", "patchSize: 4", "another architecture than noisy-resnet")]
    [DataRow("architecture: noisy-vit", "stem: small", "another architecture than noisy-vit")]
    [DataRow("architecture: noisy-vit", "heads: 5", "64 cannot be split over 5 heads")]
    public void A_key_of_another_architecture_is_refused_with_its_line(string architecture, string key, string expected)
    {
        var message = Assert.Throws<DeclarationException>(() => Network(architecture, key)).Message;

        StringAssert.Contains(message, expected);
        StringAssert.Contains(message, "trial.yaml:6");
    }

    static NetworkSection Network(params string[] keys) => ExperimentFile.Parse(
        "name: trial\ndata:\n  manifest: fashion-mnist\nnetwork: " + (keys is [""] ? "{}\n" : '\n' + string.Concat(keys.Select(key => $"  {key}\n"))), "trial.yaml").Experiment.Network;
}
