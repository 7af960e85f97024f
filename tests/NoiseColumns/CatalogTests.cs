using Microsoft.ML;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Severity;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>The methods of <c>ml.Noise</c> make the noises that they name.</summary>
[TestClass]
public class CatalogTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Each_method_makes_the_noise_of_its_name_with_its_arguments()
    {
        var pixels = Sample.View(_ml, 2);
        foreach (
            var (estimator, noise) in new (NoiseEstimator, NoiseDefinition)[]
            {
                (
                    _ml.Noise.Gaussian("Pixels", standardDeviation: 2, mean: 1, clip: ValueRange.Pixels),
                    new GaussianNoise(2, 1, ValueRange.Pixels)
                ),
                (_ml.Noise.Uniform("Pixels", halfWidth: 2, clip: ValueRange.Unit), new UniformNoise(2, ValueRange.Unit)),
                (_ml.Noise.Laplace("Pixels", scale: 2, clip: ValueRange.Pixels), new LaplaceNoise(2, ValueRange.Pixels)),
                (_ml.Noise.Speckle("Pixels", standardDeviation: 0.3), new SpeckleNoise(0.3)),
                (_ml.Noise.Poisson("Pixels", photons: 12, white: 200), new PoissonNoise(12, 200)),
                (
                    _ml.Noise.SaltAndPepper("Pixels", probability: 0.2, extremes: ValueRange.Pixels),
                    new SaltAndPepperNoise(0.2, ValueRange.Pixels)
                ),
                (_ml.Noise.LinearTransform("Pixels", strength: 0.2, axis: MixAxis.Channels), new CircularShiftNoise(0.2, MixAxis.Channels)),
                (_ml.Noise.OptimalMixing("Tokens", axis: MixAxis.Tokens), new OptimalMixingNoise(MixAxis.Tokens)),
                (
                    _ml.Noise.LinearTransform(
                        "Tokens",
                        new double[,]
                        {
                            { 0, 1, 0 },
                            { 0, 0, 1 },
                            { 0, 0, 0 },
                        },
                        MixAxis.Tokens
                    ),
                    QualityMatrixNoise.Of(
                        new double[,]
                        {
                            { 0, 1, 0 },
                            { 0, 0, 1 },
                            { 0, 0, 0 },
                        },
                        MixAxis.Tokens
                    )
                ),
                (_ml.Noise.Corruption("Pixels", ImageCorruption.GaussianNoise, 1), ImageNetC.Gaussian(1)),
                (_ml.Noise.Corruption("Pixels", ImageCorruption.ShotNoise, 2), ImageNetC.Shot(2)),
                (_ml.Noise.Corruption("Pixels", ImageCorruption.ImpulseNoise, 3), ImageNetC.Impulse(3)),
                (_ml.Noise.Corruption("Pixels", ImageCorruption.SpeckleNoise, 5), ImageNetC.Speckle(5)),
            }
        )
        {
            Assert.AreEqual(noise, estimator.Fit(pixels).Noise);
        }
    }

    [TestMethod]
    public void Scope_seed_probability_and_shape_reach_the_estimator()
    {
        var data = new GeneratedView(40, 12);
        foreach (
            var (byMethod, byOptions) in new[]
            {
                (
                    _ml.Noise.Laplace("N", 2, "Features", NoiseScope.Always, 9, 0.5),
                    _ml.Noise.Add("N", new LaplaceNoise(2), "Features", NoiseScope.Always, 9, rowProbability: 0.5)
                ),
                (
                    _ml.Noise.LinearTransform(
                        "N",
                        "Features",
                        0.2,
                        MixAxis.Tokens,
                        NoiseScope.Always,
                        seed: 9,
                        rowProbability: 0.5,
                        dimensions: [3, 4]
                    ),
                    _ml.Noise.Add(
                        new NoiseEstimator.Options
                        {
                            OutputColumnName = "N",
                            InputColumnName = "Features",
                            Noise = new CircularShiftNoise(0.2, MixAxis.Tokens),
                            Scope = NoiseScope.Always,
                            Seed = 9,
                            RowProbability = 0.5,
                            Dimensions = [3, 4],
                        }
                    )
                ),
            }
        )
        {
            var (actual, expected) = (
                Vectors.Read(byMethod.Fit(data).Transform(data), "N"),
                Vectors.Read(byOptions.Fit(data).Transform(data), "N")
            );
            for (var row = 0; row < 40; row++)
                CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }

    [TestMethod]
    public void A_matrix_across_the_batch_mixes_groups_of_its_size_and_leaves_the_rest()
    {
        // I+Q of three rows exchanges the first two; 8 rows are two groups and two rows over.
        var exchange = new double[,]
        {
            { -1, 1, 0 },
            { 1, -1, 0 },
            { 0, 0, 0 },
        };
        var data = new GeneratedView(8, 4);
        var clean = Vectors.Read(data, "Features");
        foreach (var batchSize in new int?[] { null, 6 })
        {
            var estimator = _ml.Noise.LinearTransform("Features", exchange, MixAxis.Batch, scope: NoiseScope.Always, batchSize: batchSize);
            var noisy = Vectors.Read(estimator.Fit(data).Transform(data), "Features");
            foreach (var (row, from) in new[] { 1, 0, 2, 4, 3, 5, 6, 7 }.Index())
                CollectionAssert.AreEqual(clean[from], noisy[row], $"row {row}");
        }
        // 100 rows in batches of 63, the last multiple of three up to 64: the second batch begins with a group.
        var many = new GeneratedView(100, 4);
        var mixed = Vectors.Read(
            _ml.Noise.Add("Features", QualityMatrixNoise.Of(exchange, MixAxis.Batch), scope: NoiseScope.Always).Fit(many).Transform(many),
            "Features"
        );
        CollectionAssert.AreEqual(Vectors.Read(many, "Features")[64], mixed[63]);
        CollectionAssert.AreEqual(Vectors.Read(many, "Features")[99], mixed[99]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Noise.LinearTransform("Features", exchange, MixAxis.Batch, batchSize: 64)
        );
        StringAssert.Contains(error.Message, "a multiple of 3");
    }

    [TestMethod]
    public void A_matrix_of_another_size_than_the_axis_is_refused_by_column_and_size()
    {
        var q = new double[,]
        {
            { 0, 0.5 },
            { 0.5, 0 },
        };
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Noise.LinearTransform("Tokens", q, MixAxis.Tokens).Fit(Sample.View(_ml, 1))
        );
        StringAssert.Contains(error.Message, "'Tokens'");
        StringAssert.Contains(error.Message, "2 by 2");

        var images = Pictures.AnySize(Pictures.Make(0, 2, 3), Pictures.Make(1, 4, 3));
        var noisy = _ml.Noise.LinearTransform("Image", q, MixAxis.SpatialRows, scope: NoiseScope.Always).Fit(images).Transform(images);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Pictures.Read(noisy)).Message, "4 x 3 pixels in row 1");
    }

    [TestMethod]
    public void A_singular_matrix_is_refused_at_once() =>
        Assert.ThrowsExactly<ArgumentException>(() =>
            _ml.Noise.LinearTransform(
                "Tokens",
                new double[,]
                {
                    { -0.5, 0.5 },
                    { 0.5, -0.5 },
                },
                MixAxis.Tokens
            )
        );

    [TestMethod]
    public void Values_that_a_family_cannot_take_are_named_with_their_column()
    {
        var rows = Sample.Array(3);
        rows[1].Pixels[4] = -7;
        var data = _ml.Data.LoadFromEnumerable(rows);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            Vectors.Read(_ml.Noise.Poisson("Pixels").Fit(data).Transform(data), "Pixels")
        );
        StringAssert.Contains(error.Message, "'Pixels'");
        StringAssert.Contains(error.Message, "element 4 of row 1 is -7");
    }

    [TestMethod]
    public void Unknown_corruptions_and_severities_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Noise.Corruption("Pixels", (ImageCorruption)9, 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Noise.Corruption("Pixels", ImageCorruption.ShotNoise, 6)).Message,
            "from 1 to 5"
        );
    }
}
