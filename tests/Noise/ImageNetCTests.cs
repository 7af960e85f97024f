using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Severity;
using NoisyNN.Transforms.Noise.Speckle;

namespace NoisyNN.Tests.Noise;

/// <summary>Parameters of Hendrycks and Dietterich's published code (arXiv 1903.12261), which works on pixels of 0 to 1.</summary>
[TestClass]
public class ImageNetCTests
{
    [TestMethod]
    [DataRow(1, 0.08, 60.0, 0.03, 0.15)]
    [DataRow(2, 0.12, 25.0, 0.06, 0.2)]
    [DataRow(3, 0.18, 12.0, 0.09, 0.35)]
    [DataRow(4, 0.26, 5.0, 0.17, 0.45)]
    [DataRow(5, 0.38, 3.0, 0.27, 0.6)]
    public void Severities_are_those_of_the_published_code_in_pixel_units(
        int severity,
        double gaussian,
        double photons,
        double impulse,
        double speckle
    )
    {
        Assert.AreEqual(gaussian * 255, ImageNetC.Gaussian(severity).StandardDeviation, 1e-12);
        Assert.AreEqual(new PoissonNoise(photons, 255, ValueRange.Pixels), ImageNetC.Shot(severity));
        Assert.AreEqual(new SaltAndPepperNoise(impulse, new ValueRange(0, 255)), ImageNetC.Impulse(severity));
        Assert.AreEqual(new SpeckleNoise(speckle, ValueRange.Pixels), ImageNetC.Speckle(severity));
        Assert.AreEqual(ValueRange.Pixels, ImageNetC.Gaussian(severity).Clip);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(6)]
    [DataRow(-1)]
    public void Another_severity_is_refused(int severity)
    {
        foreach (var make in new Func<int, NoiseDefinition>[] { ImageNetC.Gaussian, ImageNetC.Shot, ImageNetC.Impulse, ImageNetC.Speckle })
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => make(severity)).Message,
                $"Severity is {severity}. Give a whole number from 1 to 5."
            );
    }

    [TestMethod]
    public void Pixels_stay_pixels_and_each_severity_is_farther_from_the_image()
    {
        var random = new Random(3);
        var image = Enumerable.Range(0, 3 * 32 * 32).Select(_ => (float)random.Next(256)).ToArray();
        foreach (var family in Enumerable.Range(0, 4))
        {
            var distances = Enumerable
                .Range(1, 5)
                .Select(severity =>
                {
                    var noisy = Rows.Apply(Severities.All(severity)[family], [3, 32, 32], image);
                    Assert.IsTrue(noisy.All(value => value is >= 0 and <= 255));
                    return noisy.Zip(image, (a, b) => (a - b) * (a - b)).Average();
                })
                .ToArray();
            CollectionAssert.AreEqual(distances.Order().ToArray(), distances, Severities.All(1)[family].Name);
        }
    }

    [TestMethod]
    public void Impulses_are_black_and_white_whatever_the_image_holds()
    {
        var noisy = Rows.Apply(ImageNetC.Impulse(5), [1, 100, 100], [.. Enumerable.Repeat(100f, 10_000)]);
        CollectionAssert.AreEquivalent(new[] { 0f, 100f, 255f }, noisy.Distinct().ToArray());
        var error = 4 * Math.Sqrt(0.135 * 0.865 / 10_000);
        Assert.AreEqual(0.135, noisy.Count(value => value == 0) / 10_000.0, error);
        Assert.AreEqual(0.135, noisy.Count(value => value == 255) / 10_000.0, error);
    }
}
