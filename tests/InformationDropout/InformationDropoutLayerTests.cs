using NoisyNN.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class InformationDropoutLayerTests
{
    [TestMethod]
    [DataRow(DropoutKind.Information)]
    [DataRow(DropoutKind.Variational)]
    [DataRow(DropoutKind.Gaussian)]
    [DataRow(DropoutKind.Binary)]
    [DataRow(DropoutKind.None)]
    public void Evaluation_has_no_noise_whatever_the_kind(DropoutKind kind)
    {
        using var layer = Layer(new() { Kind = kind });
        layer.eval();
        using var x = Input();
        using var h = x * 2 - 1;
        Assert.AreSequenceEqual(Values(h.relu()), Values(layer.call(x, h)));
    }

    [TestMethod]
    public void Noise_acts_while_training_and_can_be_switched_off_there_and_on_in_evaluation()
    {
        using var layer = Layer(new());
        using var x = Input();
        var clean = Values(x.relu());

        layer.train();
        CollectionAssert.AreNotEqual(clean, Values(layer.call(x, x)));
        layer.Noise = NoiseSwitch.Off;
        Assert.AreSequenceEqual(clean, Values(layer.call(x, x)));
        layer.eval();
        layer.Noise = NoiseSwitch.On;
        CollectionAssert.AreNotEqual(clean, Values(layer.call(x, x)));
    }

    [TestMethod]
    public void Zero_activations_stay_zero_and_no_sign_changes()
    {
        using var layer = Layer(new() { MaxAlpha = 2 });
        layer.train();
        using var x = Input();
        using var h = tensor(new[] { 0f, -1, 2, 3, 0, 5 }).reshape(2, 3);
        var z = Values(layer.call(x, h));
        Assert.AreSequenceEqual(new[] { 0f, 0, 1, 1, 0, 1 }, z.Select(value => MathF.Sign(value) + 0f));
    }

    [TestMethod]
    public void Information_dropout_sets_alpha_by_unit_and_row_variational_dropout_by_channel_alone()
    {
        using var x = Input();
        using var adaptive = Layer(new());
        using var fixedByChannel = Layer(InformationDropoutConfiguration.Variational());
        using (no_grad())
            fixedByChannel.parameters().Single().copy_(tensor(new[] { -2f, 0, 2 }));

        var (_, information) = adaptive.Transmit(x, x);
        var rows = Values(information!).Chunk(3).ToArray();
        CollectionAssert.AreNotEqual(rows[0], rows[1]);

        (_, information) = fixedByChannel.Transmit(x, x);
        rows = [.. Values(information!).Chunk(3)];
        foreach (var row in rows)
        {
            Assert.AreEqual(2.11644244, row[0], 1e-6);
            Assert.AreEqual(0.69172166, row[1], 1e-6);
            Assert.AreEqual(0.12673497, row[2], 1e-6);
        }
    }

    [TestMethod]
    public void Gaussian_dropout_is_noise_of_one_alpha_that_learns_nothing_and_counts_nothing()
    {
        using var layer = Layer(InformationDropoutConfiguration.Gaussian(alpha: 0.35));
        Assert.IsEmpty(layer.parameters());
        layer.train();
        manual_seed(2);
        using var x = ones(100_000, 1);
        var (z, information) = layer.Transmit(x, x);
        Assert.IsNull(information);
        Assert.AreEqual(InformationDropoutNoise.Mean(0.35), z.mean().item<float>(), 0.01);
        Assert.AreEqual(InformationDropoutNoise.Variance(0.35), (z - z.mean()).square().mean().item<float>(), 0.01);
    }

    [TestMethod]
    public void Binary_dropout_keeps_its_share_and_scales_it_to_an_unchanged_mean()
    {
        using var layer = Layer(InformationDropoutConfiguration.Binary(keepProbability: 0.8));
        Assert.IsFalse(layer.CountsInformation);
        layer.train();
        manual_seed(3);
        using var x = ones(100_000, 1);
        var z = Values(layer.call(x, x));
        Assert.IsTrue(z.All(value => value is 0 or 1.25f));
        Assert.AreEqual(1, z.Average(), 0.01);
    }

    [TestMethod]
    public void Softplus_layer_learns_its_prior_and_its_information_depends_on_the_activation()
    {
        using var layer = Layer(new() { Prior = InformationPrior.LogNormal });
        CollectionAssert.IsSubsetOf(
            new[] { "prior_mean", "prior_log_deviation" },
            layer.named_parameters().Select(entry => entry.name).ToArray()
        );
        using var x = Input();
        using var low = full_like(x, -1);
        using var high = full_like(x, 5);
        Assert.IsLessThan(Values(layer.Transmit(x, high).Information!).Sum(), Values(layer.Transmit(x, low).Information!).Sum());

        layer.Transmit(x, high).Information!.sum().backward();
        foreach (var (name, parameter) in layer.named_parameters())
            Assert.IsGreaterThan(0, parameter.grad!.abs().sum().item<float>(), name);
    }

    [TestMethod]
    public void Variational_dropout_with_another_prior_than_its_own_is_refused()
    {
        var configuration = new InformationDropoutConfiguration { Kind = DropoutKind.Variational, Prior = InformationPrior.LogNormal };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(configuration.Validate).Message,
            "LogUniform",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    [DataRow(0.0, 3.0, 0.5, "MaxAlpha")]
    [DataRow(double.NaN, 3.0, 0.5, "MaxAlpha")]
    [DataRow(0.7, -1.0, 0.5, "Beta")]
    [DataRow(0.7, 3.0, 0.0, "KeepProbability")]
    [DataRow(0.7, 3.0, 1.5, "KeepProbability")]
    public void Values_out_of_range_are_named(double maxAlpha, double beta, double keep, string name)
    {
        var configuration = new InformationDropoutConfiguration
        {
            MaxAlpha = maxAlpha,
            Beta = beta,
            KeepProbability = keep,
        };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(configuration.Validate).Message, name, StringComparison.Ordinal);
    }

    static NoisyNN.Models.Layers.InformationDropout Layer(InformationDropoutConfiguration configuration)
    {
        manual_seed(1);
        return new NoisyNN.Models.Layers.InformationDropout(configuration, channels: 3, () => Linear(3, 3));
    }

    static Tensor Input() => tensor(new[] { 0.5f, 1, 1.5f, 2, 2.5f, 3 }).reshape(2, 3);

    static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
