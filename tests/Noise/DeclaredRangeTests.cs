using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;

namespace NoisyNN.Tests.Noise;

/// <summary>A noise's parameters declare their ranges, and the noise keeps to what it declares.</summary>
[TestClass]
public sealed class DeclaredRangeTests
{
    [TestMethod]
    public void Every_number_of_every_noise_declares_its_range()
    {
        var numbers = typeof(NoiseDefinition)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(NoiseDefinition)))
            .SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
            .Where(parameter => parameter.ParameterType == typeof(double))
            .ToList();

        Assert.HasCount(10, numbers);
        foreach (var number in numbers)
            Assert.IsTrue(number.IsDefined(typeof(RangeAttribute), inherit: false), $"{number.Member.DeclaringType}: {number.Name}");
    }

    [TestMethod]
    public void A_value_outside_of_the_declared_range_is_refused_and_the_bounds_are_not()
    {
        Assert.AreEqual(1, new CircularShiftNoise(1).Strength);
        Assert.AreEqual(0, new GaussianNoise(0, -float.MaxValue).StandardDeviation);
        foreach (var strength in new[] { -0.01, 1.01, double.NaN })
            Assert.Contains("Strength is ", Assert.Throws<ArgumentOutOfRangeException>(() => new CircularShiftNoise(strength)).Message);
        foreach (var white in new[] { 0, -1, 1e-46, double.PositiveInfinity, double.NaN })
            Assert.Contains("White is ", Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonNoise(60, white)).Message);
    }

    [TestMethod]
    public void A_range_in_words_leaves_out_the_limits_of_the_type()
    {
        Assert.AreEqual("at least 0", DeclaredRange.Words(DeclaredRange.Of(typeof(GaussianNoise), "StandardDeviation")));
        Assert.AreEqual("above 0 and at most 1000000", DeclaredRange.Words(DeclaredRange.Of(typeof(PoissonNoise), "Photons")));
    }
}
