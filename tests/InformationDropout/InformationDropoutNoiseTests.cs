using NoisyNN.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

/// <summary>The arithmetic of the layer, in double precision, on values that were computed independently of it.</summary>
[TestClass]
public sealed class InformationDropoutNoiseTests
{
    [TestMethod]
    [DataRow(0.7, 0.001, 6.55250789)]
    [DataRow(0.7, 0.1, 1.94733770)]
    [DataRow(0.7, 0.25, 1.03104697)]
    [DataRow(0.7, 0.35, 0.69457473)]
    [DataRow(0.7, 0.5, 0.33789979)]
    [DataRow(0.7, 0.7, 0.00142755)]
    [DataRow(0.7, 0.701, 0)]
    [DataRow(1.0, 0.1, 2.30358459)]
    [DataRow(1.0, 0.5, 0.69414668)]
    public void Information_against_the_log_uniform_prior(double maxAlpha, double alpha, double nats) =>
        Assert.AreEqual(nats, InformationDropoutNoise.LogUniformDivergence(Number(alpha), maxAlpha).item<double>(), 5e-9);

    [TestMethod]
    [DataRow(-4, 0.01359035, 3.94314813, -0.90975561)]
    [DataRow(-2, 0.08444205, 2.11644244, -0.87036629)]
    [DataRow(0, 0.351, 0.69172166, -0.49857550)]
    [DataRow(2, 0.61755795, 0.12673497, -0.11900990)]
    [DataRow(4, 0.68840965, 0.01812380, -0.01796008)]
    public void Alpha_information_and_its_gradient_by_logit(double logit, double alpha, double nats, double gradient)
    {
        using var scope = NewDisposeScope();
        var input = Number(logit).requires_grad_();
        var actual = InformationDropoutNoise.Alpha(input, maxAlpha: 0.7);
        var information = InformationDropoutNoise.LogUniformDivergence(actual, maxAlpha: 0.7);
        information.backward();

        Assert.AreEqual(alpha, actual.item<double>(), 5e-9);
        Assert.AreEqual(nats, information.item<double>(), 5e-9);
        Assert.AreEqual(gradient, input.grad!.item<double>(), 5e-9);
    }

    [TestMethod]
    [DataRow(1, 1, 0, 1, 0)]
    [DataRow(1, 0.5, 0, 1, 0.3181471806)]
    [DataRow(Math.E, 0.5, 0, 1, 0.8181471806)]
    [DataRow(1e-5, 0.5, 0, 1, 42.7333320644)]
    [DataRow(0, 0.5, 0, 1, 42.7333320644)]
    public void Information_against_the_log_normal_prior(double activation, double alpha, double mean, double deviation, double nats) =>
        Assert.AreEqual(nats, LogNormal(activation, alpha, mean, deviation), 5e-11);

    [TestMethod]
    public void Information_against_the_log_normal_prior_is_the_integral_that_it_stands_for()
    {
        // The divergence of two normal distributions of log z, by the rectangle rule over 20 deviations.
        foreach (var (activation, alpha, mean, deviation) in new[] { (0.3, 0.2, 0.5, 0.8), (2.0, 0.7, -1.0, 1.5), (1.0, 0.05, 0.1, 0.4) })
        {
            var (sum, step) = (0.0, alpha / 200);
            for (var u = Math.Log(activation) - 10 * alpha; u < Math.Log(activation) + 10 * alpha; u += step)
            {
                var p = Density(u, Math.Log(activation), alpha);
                sum += p * (LogDensity(u, Math.Log(activation), alpha) - LogDensity(u, mean, deviation)) * step;
            }
            Assert.AreEqual(sum, LogNormal(activation, alpha, mean, deviation), 1e-6);
        }

        static double LogDensity(double x, double mean, double deviation) =>
            -Math.Pow((x - mean) / deviation, 2) / 2 - Math.Log(deviation) - Math.Log(2 * Math.PI) / 2;
        static double Density(double x, double mean, double deviation) => Math.Exp(LogDensity(x, mean, deviation));
    }

    [TestMethod]
    [DataRow(0.1, 1.00501252, 0.01015117)]
    [DataRow(0.35, 1.06316467, 0.14730219)]
    [DataRow(0.7, 1.27762131, 1.03214002)]
    [DataRow(1.0, 1.64872127, 4.67077427)]
    public void Moments_of_the_noise(double alpha, double mean, double variance)
    {
        Assert.AreEqual(mean, InformationDropoutNoise.Mean(alpha), 5e-9);
        Assert.AreEqual(variance, InformationDropoutNoise.Variance(alpha), 5e-9);
    }

    [TestMethod]
    public void Samples_have_the_moments_of_the_noise_times_the_activation()
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var samples = InformationDropoutNoise.Sample(
            full([400_000], 3.0, dtype: ScalarType.Float64),
            full([1], 0.35, dtype: ScalarType.Float64)
        );
        Assert.AreEqual(3 * 1.06316467, samples.mean().item<double>(), 0.01);
        Assert.AreEqual(9 * 0.14730219, (samples - samples.mean()).square().mean().item<double>(), 0.02);
        Assert.IsGreaterThan(0, samples.min().item<double>());
    }

    static double LogNormal(double activation, double alpha, double mean, double deviation) =>
        InformationDropoutNoise
            .LogNormalDivergence(Number(activation), Number(alpha), Number(mean), Number(Math.Log(deviation)))
            .item<double>();

    static Tensor Number(double value) => tensor(new[] { value }, dtype: ScalarType.Float64);
}
