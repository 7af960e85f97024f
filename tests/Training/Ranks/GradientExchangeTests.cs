using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>Gradients summed in buckets, with a second rank that has the same ones.</summary>
[TestClass]
public sealed class GradientExchangeTests
{
    [TestMethod]
    public void Sums_begin_while_the_backward_pass_goes_on()
    {
        // A block has 442,000 weights, and a bucket at least 262,144: one for each block, the last one with the head.
        manual_seed(1);
        using var network = new NoisyViT(NoisyViTConfiguration.Micro() with { Depth = 3 });
        nn.init.normal_(network.get_parameter("head.weight"));
        using var pixels = rand(2, 1, 28, 28) * 255;
        var alone = Gradients(network, pixels);
        using var group = Group();
        using var exchange = new GradientExchange(group, network);
        network.BlockLeft = exchange.BlockLeft;
        var summed = Gradients(network, pixels, exchange.Complete);

        Assert.AreEqual(4, exchange.BucketCount);
        Assert.AreEqual(3, exchange.BegunEarly);
        Assert.AreEqual(4, group.Sums);
        AssertDoubled(alone, summed);
    }

    [TestMethod]
    public void A_gradient_that_is_added_after_its_sum_has_begun_would_be_lost_and_none_is()
    {
        // Shortcuts around the blocks; the stages differ in size.
        manual_seed(1);
        using var network = new NoisyResNet(
            new NoisyResNetConfiguration
            {
                ImageSize = 8,
                Width = 32,
                ClassCount = 3,
            }
        );
        using var pixels = rand(4, 1, 8, 8) * 255;
        network.train();
        var alone = Gradients(network, pixels);
        using var group = Group();
        using var exchange = new GradientExchange(group, network);
        network.BlockLeft = exchange.BlockLeft;
        var summed = Gradients(network, pixels, exchange.Complete);

        Assert.IsGreaterThan(1, exchange.BegunEarly);
        AssertDoubled(alone, summed);
    }

    [TestMethod]
    public void A_parameter_without_a_gradient_on_any_rank_still_has_none()
    {
        using var network = nn.Sequential(("used", nn.Linear(3, 2)), ("unused", nn.Linear(3, 2)));
        using var group = Group();
        using var exchange = new GradientExchange(group, network);
        using var input = ones(1, 3);
        using var output = ((nn.Module<Tensor, Tensor>)network.children().First()).call(input).sum();
        output.backward();
        exchange.Complete();

        Assert.AreEqual(2f, network.get_parameter("used.bias")!.grad!.data<float>()[0]);
        Assert.IsNull(network.get_parameter("unused.bias")!.grad);
    }

    [TestMethod]
    public void Running_statistics_are_weighted_by_rows()
    {
        using var network = nn.Sequential(nn.BatchNorm2d(2));
        network.get_buffer("0.running_mean")!.fill_(3);
        using var group = Group();
        using var statistics = new RunningStatistics(network);
        statistics.Average(group, share: 0.25);

        // A quarter of 3 on this rank, and on the other.
        Assert.AreSequenceEqual([1.5f, 1.5f], network.get_buffer("0.running_mean")!.data<float>().ToArray());
    }

    static EchoProcessGroup Group() => new(rank: 0, _ => 0);

    static Dictionary<string, float[]> Gradients(NoisyNN.Models.Networks.Classifier network, Tensor pixels, Action? complete = null)
    {
        using var scope = NewDisposeScope();
        network.zero_grad();
        network.call(pixels).square().sum().backward();
        complete?.Invoke();
        return network
            .named_parameters()
            .Where(entry => entry.parameter.grad is not null)
            .ToDictionary(entry => entry.name, entry => entry.parameter.grad!.contiguous().data<float>().ToArray());
    }

    static void AssertDoubled(Dictionary<string, float[]> alone, Dictionary<string, float[]> summed)
    {
        Assert.HasCount(alone.Count, summed);
        Assert.IsGreaterThan(0f, alone.Values.Max(values => values.Max()));
        foreach (var (name, values) in alone)
            Assert.AreSequenceEqual(values.Select(value => 2 * value), summed[name], name);
    }
}
