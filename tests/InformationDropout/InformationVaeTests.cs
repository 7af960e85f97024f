using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.Autoencoder;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class InformationVaeTests
{
    static readonly InformationVaeConfiguration Tiny = new()
    {
        ImageSize = 4,
        LatentDimension = 2,
        HiddenDimension = 6,
    };

    [TestMethod]
    [DataRow(VaePosterior.Gaussian)]
    [DataRow(VaePosterior.InformationDropout)]
    public void The_two_parts_of_the_bound_are_what_their_definitions_say(VaePosterior posterior)
    {
        using var network = Network(posterior);
        using var scope = NewDisposeScope();
        var pixels = Pixels(3);
        var noise = randn(3, 2);
        var (logLikelihood, divergence) = network.Bound(pixels, noise);

        // The reference: plain arithmetic on the posterior and the decoder's means.
        var (location, scale) = network.Posterior(pixels);
        var (f, s, u) = (Values(location), Values(scale), Values(noise));
        var codes = f.Select(
                (value, index) => posterior == VaePosterior.Gaussian ? value + s[index] * u[index] : value * MathF.Exp(s[index] * u[index])
            )
            .ToArray();
        var means = Values(network.Decode(tensor(codes).reshape(3, 2)));
        var targets = Values(pixels);
        for (var row = 0; row < 3; row++)
        {
            var likelihood = Enumerable
                .Range(row * 16, 16)
                .Sum(index => targets[index] / 255 * Math.Log(means[index]) + (1 - targets[index] / 255) * Math.Log(1 - means[index]));
            Assert.AreEqual(likelihood, logLikelihood[row].item<float>(), 1e-4);
            var nats = Enumerable
                .Range(row * 2, 2)
                .Sum(index =>
                    posterior == VaePosterior.Gaussian
                        ? (f[index] * f[index] + s[index] * s[index] - 1) / 2 - Math.Log(s[index])
                        : (s[index] * s[index] + Math.Pow(Math.Log(f[index]), 2)) / 2 - Math.Log(s[index]) - 0.5
                );
            Assert.AreEqual(nats, divergence[row].item<float>(), 1e-4);
        }
    }

    [TestMethod]
    [DataRow(VaePosterior.Gaussian)]
    [DataRow(VaePosterior.InformationDropout)]
    public void One_draw_weighted_by_importance_is_the_bound_with_a_sampled_divergence_and_more_draws_are_tighter(VaePosterior posterior)
    {
        using var network = Network(posterior);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = Pixels(2);
        var (draws, repeats) = (2000, 2000);

        var (single, elbo) = (0.0, 0.0);
        var noise = randn(repeats, 2, 2);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            using var inner = NewDisposeScope();
            var (logLikelihood, divergence) = network.Bound(pixels, noise[repeat]);
            elbo += (logLikelihood - divergence).sum().item<float>() / repeats;
            single += network.ImportanceWeightedBound(pixels, noise[repeat].unsqueeze(0)).sum().item<float>() / repeats;
        }
        // The exact divergence is the mean of the sampled one.
        Assert.AreEqual(elbo, single, 0.1);
        Assert.IsGreaterThan(elbo, network.ImportanceWeightedBound(pixels, randn(draws, 2, 2)).sum().item<float>() + 1e-3);
    }

    [TestMethod]
    public void Codes_of_information_dropout_are_positive_and_their_noise_lies_within_its_bounds()
    {
        using var network = Network(VaePosterior.InformationDropout);
        using var scope = NewDisposeScope();
        var (location, scale) = network.Posterior(Pixels(20));
        Assert.IsTrue(Values(location).All(value => value >= (float)InformationDropoutNoise.SmallestActivation));
        Assert.IsTrue(Values(scale).All(value => value is > 0.001f and < 1.001f));
        Assert.AreSequenceEqual(Values(location), Values(network.call(Pixels(20))));
    }

    [TestMethod]
    public void Only_information_dropout_learns_a_prior()
    {
        using var gaussian = Network(VaePosterior.Gaussian);
        using var multiplicative = Network(VaePosterior.InformationDropout);
        Assert.AreEqual(gaussian.ParameterCount + 2, multiplicative.ParameterCount);
    }

    [TestMethod]
    public void Sizes_that_make_no_network_are_named()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>((Tiny with { LatentDimension = 0 }).Validate).Message,
            "LatentDimension",
            StringComparison.Ordinal
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>((Tiny with { MaxAlpha = double.NaN }).Validate).Message,
            "MaxAlpha",
            StringComparison.Ordinal
        );
    }

    static InformationVae Network(VaePosterior posterior)
    {
        manual_seed(4);
        var network = new InformationVae(Tiny with { Posterior = posterior });
        network.eval();
        return network;
    }

    static Tensor Pixels(int rows)
    {
        var random = new Random(3);
        return tensor(Enumerable.Range(0, rows * 16).Select(_ => (float)random.Next(256)).ToArray()).reshape(rows, 1, 4, 4);
    }

    static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
