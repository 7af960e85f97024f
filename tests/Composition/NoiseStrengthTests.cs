using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Uniform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.Composition;

/// <summary>No noise has a default strength that changes nothing.</summary>
[TestClass]
public sealed class NoiseStrengthTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_strength_in_the_columns_units_has_no_default()
    {
        foreach (var (method, strength) in new[] { ("Gaussian", "standardDeviation"), ("Uniform", "halfWidth"), ("Laplace", "scale") })
        {
            var parameter = typeof(NoiseCatalog).GetMethod(method)!.GetParameters().Single(parameter => parameter.Name == strength);
            Assert.IsFalse(parameter.HasDefaultValue, method);
        }
    }

    [TestMethod]
    public void Defaults_of_the_other_families_change_pixels_by_more_than_a_level()
    {
        NoiseEstimator[] defaults =
        [
            _context.Noise.Speckle("Pixels", scope: NoiseScope.Always),
            _context.Noise.Poisson("Pixels", scope: NoiseScope.Always),
            _context.Noise.SaltAndPepper("Pixels", scope: NoiseScope.Always),
            _context.Noise.LinearTransform("Pixels", scope: NoiseScope.Always),
            _context.Noise.OptimalMixing("Pixels", scope: NoiseScope.Always),
        ];
        var view = _context.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 20)
                .Select(row => new Image { Pixels = [.. Enumerable.Range(0, 36).Select(index => (float)(37 * row + 91 * index) % 256)] })
        );
        var clean = view.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray();
        foreach (var noise in defaults)
        {
            var noisy = noise.Fit(view).Transform(view).GetColumn<float[]>("Pixels").SelectMany(row => row);
            var change = clean.Zip(noisy, (before, after) => Math.Abs(before - after)).Average();
            Assert.IsGreaterThan(1f, change, noise.Fit(view).Noise.Name);
        }
    }

    [TestMethod]
    public void Noise_that_rounding_to_bytes_would_remove_is_refused_on_images()
    {
        foreach (var noise in new NoiseDefinition[] { new GaussianNoise(0.1), new UniformNoise(0.4), new LaplaceNoise(0.05) })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
                _context.Noise.Add("Image", noise).Fit(Pictures.View(_context, 2))
            );
            Assert.Contains("rounded", error.Message);
            Assert.Contains("0 to 255", error.Message);
        }
    }

    [TestMethod]
    public void Noise_that_rounding_leaves_or_that_is_meant_to_do_nothing_is_taken()
    {
        var view = Pictures.View(_context, 4);
        foreach (
            var (noise, changes) in new (NoiseDefinition, bool)[]
            {
                (new GaussianNoise(0.5), true),
                (new GaussianNoise(0.1, Mean: 3), true),
                (new UniformNoise(0.6), true),
                (new LaplaceNoise(0.5), true),
                (new GaussianNoise(0), false),
            }
        )
        {
            var noisy = Pictures.Read(_context.Noise.Add("Image", noise, scope: NoiseScope.Always, seed: 3).Fit(view).Transform(view));
            Assert.AreEqual(changes, noisy.Zip(Pictures.Read(view)).Any(pair => !pair.First!.SequenceEqual(pair.Second!)), $"{noise}");
        }
    }

    [TestMethod]
    [DataRow(0.1, 1)]
    [DataRow(25, 0)]
    public void A_training_with_noise_below_one_level_of_a_pixel_is_warned_of(double deviation, int count)
    {
        var images = new PlantedImages();
        var warnings = new List<string>();
        images.Context.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning && log.Message.Contains("InputNoise", StringComparison.Ordinal))
                warnings.Add(log.Message);
        };
        var options = images.Options(epochs: 1);
        options.InputNoise = new GaussianNoise(deviation);

        images.Context.Vision.NoisyViT(options).Fit(images.View(30)).Dispose();

        Assert.HasCount(count, warnings);
        if (count > 0)
            Assert.Contains("multiply it by 255", warnings[0]);
    }

    sealed class Image
    {
        [VectorType(1, 6, 6)]
        public float[] Pixels { get; set; } = [];
    }
}
