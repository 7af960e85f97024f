using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.Noise;

/// <summary>Families without a closed form for Gaussian signals: approximations, bounds, and where there is nothing to say.</summary>
[TestClass]
public class BoundedEntropyChangeTests
{
    // Z has variance 2 and, given Y, 2 - 0.8² = 1.36.
    static readonly JointCovariance Covariance = new(
        new[,]
        {
            { 2.0 },
        },
        new[,]
        {
            { 0.8 },
        },
        new[,]
        {
            { 1.0 },
        }
    );

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(5.0)]
    public void The_true_change_by_uniform_noise_lies_between_its_bounds(double halfWidth)
    {
        // Gaussian plus uniform has the density (Φ((x+h)/s) - Φ((x-h)/s)) / 2h.
        AssertBetween(
            new UniformNoise(halfWidth).EntropyChange(Covariance),
            new GaussianNoise(halfWidth / Math.Sqrt(3)),
            (x, s) => (Normal((x + halfWidth) / s) - Normal((x - halfWidth) / s)) / (2 * halfWidth)
        );
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(5.0)]
    public void The_true_change_by_laplace_noise_lies_between_its_bounds(double scale)
    {
        // Gaussian plus Laplace, by the convolution of the two.
        AssertBetween(
            new LaplaceNoise(scale).EntropyChange(Covariance),
            new GaussianNoise(scale * Math.Sqrt(2)),
            (x, s) =>
                Integrate(
                    t =>
                        Math.Exp(-Math.Abs(t) / scale)
                        / (2 * scale)
                        * Math.Exp(-(x - t) * (x - t) / (2 * s * s))
                        / (s * Math.Sqrt(2 * Math.PI)),
                    12 * (scale + s),
                    1200
                )
        );
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.6)]
    [DataRow(3.0)]
    public void The_mean_log_stretch_of_speckle_is_that_of_its_samples(double deviation)
    {
        var logarithms = Distribution.Sample(new SpeckleNoise(deviation), 1).Select(x => Math.Log(Math.Abs(x))).ToArray();
        var mean = logarithms.Average();
        var error = Math.Sqrt(logarithms.Average(x => (x - mean) * (x - mean)) / logarithms.Length);
        Assert.AreEqual(mean, new SpeckleNoise(deviation).MeanLogStretch(), 4 * error);
        Assert.AreEqual(
            -new SpeckleNoise(deviation).MeanLogStretch(),
            new SpeckleNoise(deviation).EntropyChange(1).PaperBounds!.AtMost!.Value
        );
    }

    [TestMethod]
    public void The_mean_log_stretch_goes_over_into_its_series()
    {
        // E log(1+ε) = -s²/2 - 3s⁴/4 - 5s⁶/2 - 105s⁸/8 - …
        foreach (var s in new[] { 0.001, 0.02, 0.0499, 0.0501 })
        {
            Assert.AreEqual(
                -s * s / 2 - 0.75 * Math.Pow(s, 4) - 2.5 * Math.Pow(s, 6) - 105 / 8.0 * Math.Pow(s, 8) - 94.5 * Math.Pow(s, 10),
                new SpeckleNoise(s).MeanLogStretch(),
                1e-12 + 1000 * Math.Pow(s, 12)
            );
        }
    }

    [TestMethod]
    public void Differential_entropies_are_those_of_the_tables()
    {
        Assert.AreEqual(Math.Log(6), new UniformNoise(3).DifferentialEntropy(), 1e-12);
        Assert.AreEqual(1 + Math.Log(4), new LaplaceNoise(2).DifferentialEntropy(), 1e-12);
        Assert.AreEqual(1.4189385332, new GaussianNoise(1).DifferentialEntropy(), 5e-11);
    }

    [TestMethod]
    public void Without_data_there_are_bounds_alone_and_they_are_zero()
    {
        foreach (var noise in new NoiseDefinition[] { new GaussianNoise(1), new UniformNoise(1), new LaplaceNoise(1) })
        {
            var change = noise.EntropyChange(4);
            Assert.IsNull(change.Paper);
            Assert.IsNull(change.Conditional);
            Assert.AreEqual(new EntropyBounds(AtMost: 0), change.PaperBounds);
            Assert.AreEqual(new EntropyBounds(AtMost: 0), change.ConditionalBounds);
        }
        Assert.IsNull(new PoissonNoise(3).EntropyChange(1).Paper);
        Assert.IsNull(new PoissonNoise(3).EntropyChange(1).PaperBounds);
        Assert.AreEqual(new EntropyBounds(AtMost: 0), new PoissonNoise(3).EntropyChange(1).ConditionalBounds);
    }

    [TestMethod]
    public void Noise_of_no_strength_changes_no_entropy()
    {
        foreach (var noise in new NoiseDefinition[] { new UniformNoise(0), new LaplaceNoise(0), new SpeckleNoise(0) })
        {
            Assert.AreEqual(0, noise.EntropyChange(1).Paper, noise.Name);
            Assert.AreEqual(0, noise.EntropyChange(1).Conditional, noise.Name);
        }
        Assert.AreEqual(0, new UniformNoise(0).EntropyChange(Covariance).Paper!.Value, 1e-12);
        Assert.AreEqual(0, new LaplaceNoise(0).EntropyChange(Covariance).Conditional!.Value, 1e-12);
    }

    [TestMethod]
    public void Clipping_takes_away_the_closed_form_and_the_papers_sign()
    {
        foreach (
            var noise in new ClippableNoise[] { new GaussianNoise(1), new UniformNoise(1), new LaplaceNoise(0), new SpeckleNoise(0.1) }
        )
        {
            var clipped = noise with { Clip = ValueRange.Pixels };
            Assert.IsNull(clipped.EntropyChange(1).Paper);
            Assert.IsNull(clipped.EntropyChange(1).PaperBounds);
            Assert.AreEqual(new EntropyBounds(AtMost: 0), clipped.EntropyChange(1).ConditionalBounds);
            Assert.ThrowsExactly<NotSupportedException>(() => clipped.EntropyChange(Covariance), noise.Name);
        }
    }

    static void AssertBetween(NoiseEntropyChange change, GaussianNoise gaussian, Func<double, double, double> density)
    {
        // The paper's figure is h(Z|Y) - h(Z+ε|Y), the conditional one I(Y;Z+ε) - I(Y;Z).
        var paper = Entropy(x => Math.Exp(-x * x / 2 / 1.36) / Math.Sqrt(2 * Math.PI * 1.36)) - Entropy(x => density(x, Math.Sqrt(1.36)));
        var information = Entropy(x => density(x, Math.Sqrt(2))) - Entropy(x => density(x, Math.Sqrt(1.36)));
        var conditional = information - Math.Log(2 / 1.36) / 2;
        Assert.IsTrue(
            change.PaperBounds!.AtLeast <= paper && paper <= change.PaperBounds.AtMost,
            $"{paper} is not within {change.PaperBounds}"
        );
        Assert.IsTrue(
            change.ConditionalBounds!.AtLeast <= conditional && conditional <= change.ConditionalBounds.AtMost,
            $"{conditional} is not within {change.ConditionalBounds}"
        );
        Assert.AreEqual(gaussian.EntropyChange(Covariance).Paper!.Value, change.Paper!.Value, 1e-9);
        Assert.AreEqual(change.PaperBounds.AtLeast, change.Paper);
        Assert.AreEqual(change.ConditionalBounds.AtLeast, change.Conditional);
        Assert.IsTrue(change.IsGaussianApproximation);
    }

    static double Entropy(Func<double, double> density) =>
        Integrate(x => density(x) is > 1e-300 and var p ? -p * Math.Log(p) : 0, 90, 3600);

    /// <summary>Simpson's rule from minus the reach to the reach.</summary>
    static double Integrate(Func<double, double> value, double reach, int steps)
    {
        var width = 2 * reach / steps;
        var sum = 0.0;
        for (var i = 0; i <= steps; i++)
            sum +=
                (
                    i == 0 || i == steps ? 1
                    : i % 2 == 1 ? 4
                    : 2
                ) * value(-reach + i * width);
        return sum * width / 3;
    }

    static double Normal(double x) => MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2;
}
