using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Transforms.Noise.Gaussian;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class AllCnnTests
{
    static readonly AllCnnConfiguration Tiny = new()
    {
        ImageSize = 7,
        Channels = 2,
        ClassCount = 3,
        Widths = [4, 6],
        Mean = [0.4, 0.6],
        StandardDeviation = [0.3, 0.2],
    };

    [TestMethod]
    public void Price_of_information_is_beta_times_the_mean_sum_of_nats_over_the_training_rows()
    {
        // Two images with maps of four units each, 50,000 training rows, as the authors' program counts them.
        using var scope = NewDisposeScope();
        var alpha = tensor(new[] { .1, .2, .3, .4, .5, .6, .7, .701 }, dtype: ScalarType.Float64).reshape(2, 1, 2, 2);
        var information = InformationDropoutNoise.LogUniformDivergence(alpha, maxAlpha: 0.7);
        var term = new PenaltyTerm("block.0", AllCnn.MeanOverRows(information), Weight: 3 / 50_000.0);
        Assert.AreEqual(5.1062025463e-05, term.Value.item<double>() / 50_000, 5e-16);
        Assert.AreEqual(1.5318607639e-04, term.Value.item<double>() * term.Weight, 5e-15);
    }

    [TestMethod]
    [DataRow(DropoutKind.Information, InformationPrior.LogUniform)]
    [DataRow(DropoutKind.Information, InformationPrior.LogNormal)]
    [DataRow(DropoutKind.Variational, InformationPrior.LogUniform)]
    [DataRow(DropoutKind.Gaussian, InformationPrior.LogNormal)]
    [DataRow(DropoutKind.Binary, InformationPrior.LogUniform)]
    public void Parameters_are_counted_without_building_the_network(DropoutKind kind, InformationPrior prior)
    {
        using var network = Network(
            Tiny with
            {
                Dropout = new() { Kind = kind, Prior = prior },
            }
        );
        Assert.AreEqual(network.parameters().Sum(parameter => parameter.numel()), network.Configuration.ParameterCount);
    }

    [TestMethod]
    public void Published_networks_have_the_published_layers()
    {
        // 96 and 192 filters on 32 x 32 x 3: every 3 x 3 convolution twice in a block, a pooling one and one for alpha, and three at the
        // end.
        var (first, second) = (96L, 192L);
        var block1 = 27 * first + 9 * first * first * 2 + 6 * first + (9 * first * first + first);
        var block2 = 9 * first * second + 9 * second * second * 2 + 6 * second + (9 * second * second + second);
        var end = 9 * second * second + second * second + 4 * second + 10 * second + 20 + 110;
        Assert.AreEqual(block1 + block2 + end, AllCnnConfiguration.ForCifar().ParameterCount);

        CollectionAssert.AreEqual(new[] { 24, 48 }, AllCnnConfiguration.ForCifar(filterPercentage: 25).BlockWidths.ToArray());
        CollectionAssert.AreEqual(new[] { 32, 64, 96, 192 }, AllCnnConfiguration.ForClutteredMnist().BlockWidths.ToArray());
        Assert.AreEqual(1.0, AllCnnConfiguration.ForClutteredMnist().Dropout.MaxAlpha);
    }

    [TestMethod]
    public void Evaluation_is_repeatable_and_no_row_depends_on_another()
    {
        using var network = Network(Tiny);
        using var scope = NewDisposeScope();
        var pixels = Pixels(5);
        var together = Values(network.call(pixels));
        Assert.AreSequenceEqual(together, Values(network.call(pixels)));
        for (var row = 0; row < 5; row++)
        {
            var alone = Values(network.call(pixels.narrow(0, row, 1)));
            for (var index = 0; index < 3; index++)
                Assert.AreEqual(together[row * 3 + index], alone[index], 1e-5);
        }
    }

    [TestMethod]
    public void Penalties_name_each_block_and_their_gradient_reaches_what_computes_alpha()
    {
        using var network = Network(Tiny with { Dropout = new() { Beta = 2 } });
        network.train();
        using var scope = NewDisposeScope();
        var (logits, penalties) = network.ForwardWithPenalties(Pixels(4), trainingRows: 100);

        Assert.AreSequenceEqual(new[] { "block.0", "block.1" }, penalties.Select(term => term.Layer));
        Assert.AreSequenceEqual(new[] { 4L, 3 }, logits.shape);
        foreach (var term in penalties)
        {
            Assert.AreEqual(0.02, term.Weight, 1e-12);
            // alpha lies within its bounds, so a unit lets between 0 and 6.55 nats through.
            Assert.IsGreaterThan(0, term.Value.item<float>());
        }
        penalties[1].Value.backward();
        var gradients = network.named_parameters().Where(entry => entry.name.Contains("dropout.alpha", StringComparison.Ordinal)).ToList();
        Assert.HasCount(4, gradients);
        Assert.IsTrue(
            gradients
                .Where(entry => entry.name.StartsWith("blocks.1", StringComparison.Ordinal))
                .All(entry => entry.parameter.grad!.abs().sum().item<float>() > 0)
        );
    }

    [TestMethod]
    public void A_step_leaves_no_tensor_behind()
    {
        using var network = Network(Tiny);
        network.train();
        Step();
        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var step = 0; step < 5; step++)
            Step();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            var (logits, penalties) = network.ForwardWithPenalties(Pixels(4), 100);
            (logits.sum() + penalties.Aggregate(zeros(1), (sum, term) => sum + term.Value * term.Weight).sum()).backward();
            using (no_grad())
                network.DryRun([Pixels(4)]);
            Assert.HasCount(2, network.InformationMaps(Pixels(2)));
            network.zero_grad();
        }
    }

    [TestMethod]
    public void Binary_and_Gaussian_dropout_have_no_price()
    {
        foreach (var dropout in new[] { InformationDropoutConfiguration.Binary(), InformationDropoutConfiguration.Gaussian(0.5) })
        {
            using var network = Network(Tiny with { Dropout = dropout });
            network.train();
            using var scope = NewDisposeScope();
            Assert.IsEmpty(network.ForwardWithPenalties(Pixels(2), 10).Penalties);
        }
    }

    [TestMethod]
    public void Heat_maps_are_the_nats_at_each_place_above_the_least()
    {
        using var network = Network(Tiny);
        using var scope = NewDisposeScope();
        var maps = network.InformationMaps(Pixels(3));
        Assert.AreSequenceEqual(new[] { "block.0", "block.1" }, maps.Select(map => map.Layer));
        Assert.AreSequenceEqual(new[] { 3L, 4, 4 }, maps[0].Nats.shape);
        Assert.AreSequenceEqual(new[] { 3L, 2, 2 }, maps[1].Nats.shape);
        foreach (var image in maps.SelectMany(map => map.Nats.unbind(0)))
        {
            Assert.AreEqual(0, image.min().item<float>());
            Assert.IsGreaterThan(0, image.max().item<float>());
        }
        Assert.IsFalse(network.training);
        Assert.AreEqual(NoiseSwitch.WhileTraining, network.DropoutSwitch);
    }

    [TestMethod]
    public void Noisy_codes_differ_from_draw_to_draw_and_leave_the_network_as_it_was()
    {
        using var network = Network(Tiny);
        using var scope = NewDisposeScope();
        var pixels = Pixels(3);
        var before = Values(network.call(pixels));
        var first = network.NoisyCodes(pixels);
        var second = network.NoisyCodes(pixels);
        Assert.HasCount(2, first);
        CollectionAssert.AreNotEqual(Values(first[0]), Values(second[0]));
        Assert.AreSequenceEqual(before, Values(network.call(pixels)));
    }

    [TestMethod]
    public void Dry_run_gives_normalisations_the_statistics_of_noiseless_activations_and_changes_no_weight()
    {
        using var network = Network(
            Tiny with
            {
                InputKeepProbability = 0.5,
                Dropout = new() { MaxAlpha = 1.5 },
            }
        );
        using var scope = NewDisposeScope();
        var pixels = Pixels(40);
        network.train();
        using (no_grad())
            for (var pass = 0; pass < 50; pass++)
                network.call(pixels);

        network.eval();
        var noisyStatistics = Values(network.call(pixels));
        network.SetLatentNoise(new(new GaussianNoise(10), NoiseSite.BlockInput, Layer: 1));
        var weights = network.parameters().Select(parameter => Values(parameter)).ToList();
        using (no_grad())
            network.DryRun([pixels, pixels]);
        Assert.IsFalse(network.training);
        var cleanStatistics = Values(network.call(pixels));

        Assert.IsNotNull(network.LatentNoise);
        network.SetLatentNoise(null);

        // The reference: the batch's own statistics, without noise.
        network.train();
        network.DropoutSwitch = NoiseSwitch.Off;
        var reference = Values(network.call(pixels));
        Assert.IsLessThan(0.1 * Distance(noisyStatistics, reference), Distance(cleanStatistics, reference));
        Assert.IsTrue(weights.Zip(network.parameters(), (before, parameter) => before.SequenceEqual(Values(parameter))).All(same => same));
    }

    [TestMethod]
    public void Noise_can_be_put_before_a_block_and_impossible_places_are_refused()
    {
        using var network = Network(Tiny);
        network.SetLatentNoise(new(new GaussianNoise(1), NoiseSite.BlockInput, Layer: 1, AtInference: true));
        using var scope = NewDisposeScope();
        var pixels = Pixels(2);
        CollectionAssert.AreNotEqual(Values(network.call(pixels)), Values(network.call(pixels)));
        Assert.ThrowsExactly<ArgumentException>(() => network.SetLatentNoise(new(new GaussianNoise(1), NoiseSite.AttentionInput)));
    }

    [TestMethod]
    public void Sizes_that_do_not_fit_are_named()
    {
        Refused(Tiny with { Widths = [] }, "Widths");
        Refused(Tiny with { FilterPercentage = 0 }, "FilterPercentage");
        Refused(Tiny with { FilterPercentage = 20 }, "without filters");
        Refused(Tiny with { InputKeepProbability = 0 }, "InputKeepProbability");
        Refused(Tiny with { Dropout = new() { MaxAlpha = -1 } }, "MaxAlpha");

        static void Refused(AllCnnConfiguration configuration, string part) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(configuration.Validate).Message, part, StringComparison.Ordinal);
    }

    static AllCnn Network(AllCnnConfiguration configuration)
    {
        manual_seed(5);
        var network = new AllCnn(configuration);
        network.eval();
        return network;
    }

    static Tensor Pixels(int rows)
    {
        var random = new Random(3);
        return tensor(Enumerable.Range(0, rows * 2 * 49).Select(_ => (float)random.Next(256)).ToArray()).reshape(rows, 2, 7, 7);
    }

    static double Distance(float[] left, float[] right) => Math.Sqrt(left.Zip(right, (a, b) => Math.Pow(a - b, 2)).Sum());

    static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
