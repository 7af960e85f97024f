using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class NoiseDefinitionTests
{
    [TestMethod]
    public void Families_have_the_names_that_experiment_files_use() =>
        CollectionAssert.AreEqual(
            new[]
            {
                "gaussian",
                "uniform",
                "laplace",
                "speckle",
                "poisson",
                "salt-and-pepper",
                "circular-shift",
                "optimal-mixing",
                "quality-matrix",
            },
            new NoiseDefinition[]
            {
                new GaussianNoise(1),
                new UniformNoise(1),
                new LaplaceNoise(1),
                new SpeckleNoise(1),
                new PoissonNoise(1),
                new SaltAndPepperNoise(0.1),
                new CircularShiftNoise(),
                new OptimalMixingNoise(MixAxis.Tokens),
                new QualityMatrixNoise(
                    [
                        [0],
                    ],
                    MixAxis.Tokens
                ),
            }
                .Select(noise => noise.Name)
                .ToArray()
        );

    [TestMethod]
    public void Only_mixing_across_the_batch_is_transductive()
    {
        Assert.IsTrue(new OptimalMixingNoise(MixAxis.Batch).IsTransductive);
        Assert.IsFalse(new OptimalMixingNoise(MixAxis.SpatialRows).IsTransductive);
        Assert.IsFalse(new GaussianNoise(1).IsTransductive);
    }

    [TestMethod]
    public void The_axis_is_the_same_seen_from_the_base()
    {
        var noise = new CircularShiftNoise(0.2, MixAxis.Channels);
        Assert.AreEqual(MixAxis.Channels, noise.Axis);
        Assert.AreEqual<MixAxis?>(MixAxis.Channels, ((NoiseDefinition)noise).Axis);
        Assert.IsNull(new GaussianNoise(1).Axis);
    }

    [TestMethod]
    public void Definitions_are_equal_by_value()
    {
        Assert.AreEqual(new CircularShiftNoise(0.3, MixAxis.Batch), new CircularShiftNoise(0.1, MixAxis.Batch) with { Strength = 0.3 });
        Assert.AreNotEqual(new CircularShiftNoise(0.3, MixAxis.Batch), new CircularShiftNoise(0.3, MixAxis.Tokens));
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.1)]
    [DataRow(double.NaN)]
    public void A_strength_or_probability_outside_zero_to_one_is_refused_with_its_value(double value)
    {
        var shift = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CircularShiftNoise(value));
        StringAssert.Contains(shift.Message, $"Strength is {value:R}");
        var pepper = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SaltAndPepperNoise(0.5) with { Probability = value });
        StringAssert.Contains(pepper.Message, "from 0 to 1");
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NaN)]
    public void A_standard_deviation_that_is_negative_or_not_finite_is_refused(double value)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GaussianNoise(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GaussianNoise(1) with { StandardDeviation = value });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new UniformNoise(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new UniformNoise(1) with { HalfWidth = value });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LaplaceNoise(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LaplaceNoise(1) with { Scale = value });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SpeckleNoise(value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SpeckleNoise(1) with { StandardDeviation = value });
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Photons_and_white_are_numbers_above_zero(double value)
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PoissonNoise(value)).Message,
            $"Photons is {value:R}"
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PoissonNoise(60) with { Photons = value });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PoissonNoise(60, White: value));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PoissonNoise(60) with { White = value });
    }

    [TestMethod]
    public void A_mean_that_is_not_finite_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GaussianNoise(1, double.NaN));

    [TestMethod]
    public void An_unknown_axis_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalMixingNoise((MixAxis)9));
        StringAssert.Contains(error.Message, "SpatialRows");
    }
}
