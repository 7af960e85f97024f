using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

[TestClass]
public class NoisyResNetTests
{
    [TestMethod]
    [DataRow(18, 11_689_512)]
    [DataRow(34, 21_797_672)]
    [DataRow(50, 25_557_032)]
    public void Residual_networks_have_the_published_numbers_of_parameters(int depth, long expected)
    {
        // torchvision's resnet18, resnet34 and resnet50 with 1000 classes.
        Assert.AreEqual(expected, (NoisyResNetConfiguration.ResNet18() with { Depth = depth }).ParameterCount);
    }

    [TestMethod]
    [DataRow(18, ResNetStem.Small)]
    [DataRow(34, ResNetStem.ImageNet)]
    [DataRow(50, ResNetStem.Small)]
    [DataRow(50, ResNetStem.ImageNet)]
    public void The_number_of_parameters_is_that_of_the_network_which_is_built(int depth, ResNetStem stem)
    {
        var configuration = Tiny with { Depth = depth, Stem = stem };
        using var network = new NoisyResNet(configuration);
        Assert.AreEqual(network.ParameterCount, configuration.ParameterCount);
    }

    [TestMethod]
    public void Weights_carry_torchvisions_names()
    {
        using var plain = new NoisyResNet(Tiny);
        var names = plain.state_dict().Keys.ToHashSet();
        // Stem and head 2·(weights, bias) and 3 buffers; 8 blocks of two convolutions and norms; 3 of them with a convolution and a norm on
        // the shortcut.
        Assert.HasCount(1 + 5 + 2 + 8 * 12 + 3 * 6, names);
        foreach (
            var name in new[]
            {
                "conv1.weight",
                "bn1.weight",
                "bn1.running_mean",
                "bn1.num_batches_tracked",
                "layer1.0.conv1.weight",
                "layer1.1.bn2.running_var",
                "layer2.0.downsample.0.weight",
                "layer2.0.downsample.1.bias",
                "layer4.1.conv2.weight",
                "fc.weight",
                "fc.bias",
            }
        )
            Assert.Contains(name, names);
        Assert.DoesNotContain("layer1.0.downsample.0.weight", names);

        using var bottlenecks = new NoisyResNet(Tiny with { Depth = 50 });
        var state = bottlenecks.state_dict();
        Assert.AreSequenceEqual([16L, 4, 1, 1], state["layer1.0.conv3.weight"].shape);
        Assert.AreSequenceEqual([16L, 4, 1, 1], state["layer1.0.downsample.0.weight"].shape);
        Assert.AreSequenceEqual([8L, 8, 3, 3], state["layer2.0.conv2.weight"].shape);
    }

    [TestMethod]
    [DataRow(ResNetStem.Small, 12, 2)]
    [DataRow(ResNetStem.ImageNet, 64, 2)]
    public void Each_stage_but_the_first_halves_the_image(ResNetStem stem, int imageSize, int lastSize)
    {
        using var network = new NoisyResNet(Tiny with { Stem = stem, ImageSize = imageSize });
        Assert.AreSequenceEqual([32, lastSize, lastSize], network.ShapeAt(NoiseSite.BlockOutput, 7)!);
        Assert.AreSequenceEqual([4L, 3], Run(network, randn(4, 2, imageSize, imageSize)).shape);
    }

    [TestMethod]
    public void An_image_has_the_same_logits_alone_and_in_a_batch()
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        var pixels = rand(5, 2, 12, 12) * 255;
        var together = Run(network, pixels);
        for (var row = 0; row < 5; row++)
            Assert.IsLessThan(1e-5f, (Run(network, pixels.narrow(0, row, 1)) - together.narrow(0, row, 1)).abs().max().item<float>());
    }

    [TestMethod]
    public void A_forward_pass_leaves_its_result_and_no_other_tensor()
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        var pixels = rand(4, 2, 12, 12) * 255;
        foreach (var site in new[] { NoiseSite.AfterEmbedding, NoiseSite.BlockInput, NoiseSite.BlockOutput, NoiseSite.BeforeHead })
        {
            network.SetLatentNoise(
                LatentNoisePlacement.ReleasedNoisyResNet with
                {
                    Site = site,
                    Schedule = new NoiseSchedule(0, 1, Steps: 10),
                }
            );
            var statistics = DisposeScopeManager.Statistics;
            var (live, outside) = (statistics.ThreadTotalLiveCount, statistics.CreatedOutsideScopeCount);
            network.call(pixels);
            Assert.AreEqual((live + 1, outside), (statistics.ThreadTotalLiveCount, statistics.CreatedOutsideScopeCount), $"{site}");
        }
    }

    [TestMethod]
    public void Images_of_another_size_are_taken()
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        Assert.AreSequenceEqual([2L, 3], Run(network, rand(2, 2, 19, 23)).shape);
    }

    [TestMethod]
    public void Normalisation_follows_the_batch_in_training_and_its_running_averages_at_inference()
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        var pixels = rand(6, 2, 12, 12) * 255;
        var atInference = Run(network, pixels);
        network.train();
        var inTraining = Run(network, pixels);
        Assert.IsGreaterThan(1e-3f, (atInference - inTraining).abs().max().item<float>());
        Assert.AreEqual(1, network.state_dict()["layer3.0.bn1.num_batches_tracked"].item<long>());
        // The running averages have moved, so inference gives something else now, and the same each time.
        network.eval();
        var afterwards = Run(network, pixels);
        Assert.IsGreaterThan(1e-3f, (atInference - afterwards).abs().max().item<float>());
        Assert.AreEqual(0, (Run(network, pixels) - afterwards).abs().max().item<float>());
    }

    [TestMethod]
    public void Released_noise_on_a_sub_block_is_the_noise_before_the_last_block()
    {
        var configuration = NoisyResNetConfiguration.ResNet34();
        Assert.AreEqual(15, configuration.BlockIndex(stage: 4, block: 3));
        Assert.AreEqual(0, configuration.BlockIndex(1, 1));
        Assert.AreEqual(7, configuration.BlockIndex(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => configuration.BlockIndex(4, 4));

        using var scope = NewDisposeScope();
        using var network = Create();
        var pixels = rand(4, 2, 12, 12) * 255;
        var clean = Run(network, pixels);
        network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyResNet);
        var released = Run(network, pixels);
        Assert.IsGreaterThan(1e-3f, (clean - released).abs().max().item<float>());
        network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyResNet with { Layer = network.Configuration.BlockIndex(4, 2) });
        Assert.AreEqual(0, (Run(network, pixels) - released).abs().max().item<float>());
        Assert.IsTrue(network.LatentNoise!.IsTransductive);
    }

    [TestMethod]
    [DataRow(NoiseSite.AfterEmbedding, MixAxis.Batch)]
    [DataRow(NoiseSite.AfterEmbedding, MixAxis.SpatialRows)]
    [DataRow(NoiseSite.BlockInput, MixAxis.Tokens)]
    [DataRow(NoiseSite.BlockOutput, MixAxis.Channels)]
    [DataRow(NoiseSite.BeforeHead, MixAxis.Channels)]
    public void Noise_acts_at_each_site_along_each_axis_that_it_has(NoiseSite site, MixAxis axis)
    {
        using var scope = NewDisposeScope();
        using var network = Create();
        var pixels = rand(4, 2, 12, 12) * 255;
        var clean = Run(network, pixels);
        network.SetLatentNoise(new(new CircularShiftNoise(0.4, axis), site, Layer: 5, InTraining: false, AtInference: true));
        Assert.IsGreaterThan(1e-4f, (clean - Run(network, pixels)).abs().max().item<float>());
        network.SetLatentNoise(null);
        Assert.AreEqual(0, (clean - Run(network, pixels)).abs().max().item<float>());
    }

    [TestMethod]
    public void Places_that_a_network_does_not_have_are_refused()
    {
        using var network = Create();
        var gaussian = new GaussianNoise(1);
        StringAssert.Contains(Refusal(new(gaussian, NoiseSite.AttentionInput)), "no site 'AttentionInput'");
        StringAssert.Contains(Refusal(new(gaussian, NoiseSite.BlockInput, Layer: 8)), "0 to 7");
        StringAssert.Contains(Refusal(new(new OptimalMixingNoise(MixAxis.SpatialRows), NoiseSite.BeforeHead)), "no axis 'SpatialRows'");
        // The fourth stage of this network has maps of 2 x 2 pixels, the second of 6 x 6: a shift of a half over an even number of rows is
        // singular.
        Assert.Throws<InvalidOperationException>(() =>
            network.SetLatentNoise(new(new CircularShiftNoise(0.5), NoiseSite.BlockInput, Layer: 3))
        );
        network.SetLatentNoise(new(new CircularShiftNoise(0.5), NoiseSite.BlockInput, Layer: 5));

        string Refusal(LatentNoisePlacement placement) => Assert.Throws<ArgumentException>(() => network.SetLatentNoise(placement)).Message;
    }

    [TestMethod]
    public void Sizes_that_do_not_exist_are_refused()
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new NoisyResNet(Tiny with { Depth = 20 })).Message, "Depth is 20");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new NoisyResNet(Tiny with { Width = 0 })).Message, "Width is 0");
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => new NoisyResNet(Tiny with { ClassCount = 0 })).Message,
            "ClassCount is 0"
        );
    }

    internal static NoisyResNetConfiguration Tiny { get; } =
        new()
        {
            ImageSize = 12,
            Channels = 2,
            ClassCount = 3,
            Width = 4,
            Mean = [0.4, 0.6],
            StandardDeviation = [0.3, 0.2],
        };

    static NoisyResNet Create()
    {
        manual_seed(11);
        var network = new NoisyResNet(Tiny);
        network.eval();
        return network;
    }

    static Tensor Run(NoisyResNet network, Tensor pixels)
    {
        using var gradients = no_grad();
        return network.call(pixels);
    }
}
