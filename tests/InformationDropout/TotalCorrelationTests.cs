using NoisyNN.Models.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class TotalCorrelationTests
{
    [TestMethod]
    public void Two_components_of_correlation_one_half()
    {
        using var covariance = tensor(new[] { 1, 0.5, 0.5, 1 }, dtype: ScalarType.Float64).reshape(2, 2);
        Assert.AreEqual(0.1438410362, TotalCorrelation.OfCovariance(covariance), 5e-11);
        using var scaled = tensor(new[] { 4, 3, 3, 9.0 }, dtype: ScalarType.Float64).reshape(2, 2);
        Assert.AreEqual(0.1438410362, TotalCorrelation.OfCovariance(scaled), 5e-11);
    }

    [TestMethod]
    public void Twelve_rows_of_three_components_by_their_unbiased_covariance()
    {
        using var samples = tensor(
                Enumerable
                    .Range(0, 36)
                    .Select(index => (i: index / 3, j: index % 3))
                    .Select(at => (7 * at.i + 3 * at.j + at.i * at.j) % 11 / 10.0)
                    .ToArray(),
                dtype: ScalarType.Float64
            )
            .reshape(12, 3);
        Assert.AreEqual(0.0192029697, TotalCorrelation.PerDimension(samples), 5e-11);
    }

    [TestMethod]
    public void Independent_components_have_next_to_none()
    {
        manual_seed(1);
        using var samples = randn(20_000, 3);
        Assert.AreEqual(0, TotalCorrelation.Of(samples), 1e-3);
    }

    [TestMethod]
    public void Samples_without_a_joint_density_are_refused()
    {
        manual_seed(1);
        using var few = randn(3, 3);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => TotalCorrelation.Of(few)).Message,
            "more rows",
            StringComparison.Ordinal
        );
        using var constant = cat([randn(10, 2), ones(10, 1)], 1);
        Assert.ThrowsExactly<ArgumentException>(() => TotalCorrelation.Of(constant));
        using var infinite = cat([randn(10, 1), full([10, 1], double.NegativeInfinity)], 1);
        Assert.ThrowsExactly<ArgumentException>(() => TotalCorrelation.Of(infinite));
    }
}
