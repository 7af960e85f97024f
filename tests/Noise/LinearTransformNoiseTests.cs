using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class LinearTransformNoiseTests
{
    [TestMethod]
    public void Circular_shift_gives_the_values_of_the_official_network_layer()
    {
        // The released ResNet code: x + 0.3 (roll(x, -1) - x) on a batch of four.
        float[] expected = [1.3f, 2.6f, 5.2f, 5.9f];
        AssertClose(expected, Rows.Apply(new CircularShiftNoise(0.3, MixAxis.Batch), [1], [1, 2, 4, 8]), 1e-6);
        AssertClose(expected, Rows.Apply(new CircularShiftNoise(0.3, MixAxis.Tokens), [4, 1], [1, 2, 4, 8]), 1e-6);
    }

    [TestMethod]
    public void Optimal_mixing_gives_the_values_of_the_official_network_layer()
    {
        // The released ViT code on x[b,n,c] = (100b + 10n + c)/100, B=4, N=3, C=2, tokens 1 and 2 (the class token is left out there).
        var rows = (
            from b in Enumerable.Range(0, 4)
            from n in new[] { 1, 2 }
            from c in new[] { 0, 1 }
            select (100 * b + 10 * n + c) / 100f
        ).ToArray();
        AssertClose(
            [1.3f, 1.31f, 1.4f, 1.41f, 1.5f, 1.51f, 1.6f, 1.61f, 1.7f, 1.71f, 1.8f, 1.81f, 1.9f, 1.91f, 2f, 2.01f],
            Rows.Apply(new OptimalMixingNoise(MixAxis.Batch), [2, 2], rows),
            1e-6
        );
    }

    [TestMethod]
    public void The_fast_path_equals_the_product_with_the_written_out_matrix()
    {
        var cases =
            from c in Gen.Choose(1, 4)
            from h in Gen.Choose(1, 33)
            from w in Gen.Choose(1, 40)
            from rows in Gen.Choose(1, 7)
            from strength in Gen.Choose(0, 45)
            from axis in Gen.Elements(Enum.GetValues<MixAxis>())
            from optimal in Gen.Elements(true, false)
            from seed in Gen.Choose(0, int.MaxValue)
            select (c, h, w, rows, strength: strength / 100.0, axis, optimal, seed);
        Prop.ForAll(
                cases.ToArbitrary(),
                x =>
                {
                    LinearTransformNoise noise = x.optimal ? new OptimalMixingNoise(x.axis) : new CircularShiftNoise(x.strength, x.axis);
                    int[] shape =
                        x.axis is MixAxis.Tokens ? [x.h, x.w]
                        : x.seed % 2 == 0 && x.axis is MixAxis.Channels ? [x.h, x.w]
                        : [x.c, x.h, x.w];
                    var random = new Random(x.seed);
                    var values = Enumerable
                        .Range(0, x.rows * shape.Aggregate(1, (a, b) => a * b))
                        .Select(_ => random.NextSingle() * 2 - 1)
                        .ToArray();
                    AssertClose(DenseMixing.Apply(noise, shape, x.rows, values), Rows.Apply(noise, shape, values), 1e-6);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void Channels_of_tokens_lie_side_by_side_and_are_mixed_the_same()
    {
        var random = new Random(6);
        foreach (var channels in new[] { 1, 2, 15, 16, 17, 64, 100, 768 })
        {
            var values = Enumerable.Range(0, 3 * 5 * channels).Select(_ => random.NextSingle() * 2 - 1).ToArray();
            foreach (
                var noise in new LinearTransformNoise[]
                {
                    new CircularShiftNoise(0.3, MixAxis.Channels),
                    new OptimalMixingNoise(MixAxis.Channels),
                }
            )
                AssertClose(DenseMixing.Apply(noise, [5, channels], 3, values), Rows.Apply(noise, [5, channels], values), 1e-6);
        }
    }

    [TestMethod]
    [DataRow(5000, 3)]
    [DataRow(1025, 2)]
    [DataRow(512, 64)]
    public void Rows_wider_than_a_strip_are_mixed_the_same(int width, int count)
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, width * count).Select(_ => random.NextSingle() * 2 - 1).ToArray();
        foreach (
            var noise in new LinearTransformNoise[] { new CircularShiftNoise(0.3, MixAxis.Batch), new OptimalMixingNoise(MixAxis.Batch) }
        )
            AssertClose(DenseMixing.Apply(noise, [width], count, values), Rows.Apply(noise, [width], values), 1e-6);
    }

    [TestMethod]
    public void A_batch_of_one_is_left_as_it_is()
    {
        float[] row = [1, 2, 3];
        CollectionAssert.AreEqual(row, Rows.Apply(new OptimalMixingNoise(MixAxis.Batch), [3], row));
        AssertClose(row, Rows.Apply(new CircularShiftNoise(0.3, MixAxis.Batch), [3], row), 1e-6);
    }

    [TestMethod]
    public void A_shift_of_one_hands_every_row_its_successor() =>
        CollectionAssert.AreEqual(
            new float[] { 3, 4, 5, 6, 1, 2 },
            Rows.Apply(new CircularShiftNoise(1, MixAxis.Batch), [2], [1, 2, 3, 4, 5, 6])
        );

    [TestMethod]
    public void Circular_shift_of_one_half_over_an_even_axis_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => NoiseKernel.Create(new CircularShiftNoise(0.5), [1, 28, 28]));
        StringAssert.Contains(error.Message, "strength 0.5");
        StringAssert.Contains(error.Message, "28 pixel rows");
        StringAssert.Contains(error.Message, "such as 0.3");
    }

    [TestMethod]
    [DataRow(MixAxis.SpatialRows, "an odd number of pixel rows (27 or 29)")]
    [DataRow(MixAxis.Tokens, "an odd number of tokens (27 or 29)")]
    [DataRow(MixAxis.Batch, "Take a strength away from 0.5, such as 0.3.")]
    public void The_remedy_of_a_singular_shift_can_be_followed_on_its_axis(MixAxis axis, string remedy)
    {
        // The last batch of a pass may have any number of rows, so an odd number is no remedy there.
        Assert.Contains(
            remedy,
            Assert.Throws<InvalidOperationException>(() => new CircularShiftNoise(0.5, axis).ThrowIfSingular(28)).Message
        );
    }

    [TestMethod]
    public void Circular_shift_of_one_half_over_an_odd_axis_is_accepted() => new CircularShiftNoise(0.5).ThrowIfSingular(27);

    [TestMethod]
    public void Almost_one_half_over_an_even_axis_is_refused_as_ill_conditioned()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CircularShiftNoise(0.5 + 1e-8).ThrowIfSingular(64));
        StringAssert.Contains(error.Message, "ill-conditioned");
    }

    [TestMethod]
    public void A_singular_batch_is_refused_when_it_comes()
    {
        var kernel = NoiseKernel.Create(new CircularShiftNoise(0.5, MixAxis.Batch), [3]);
        kernel.Apply(new float[9], 3, 1, Rows.Ids(3));
        Assert.ThrowsExactly<InvalidOperationException>(() => kernel.Apply(new float[6], 2, 1, Rows.Ids(2)));
    }

    [TestMethod]
    public void A_determinant_that_underflows_does_not_make_a_harmless_matrix_singular()
    {
        // det = 2.2e-308^… for 100,000 rows of circular shift 0.3 is 0 in float64; the condition number is 2.5.
        var noise = new CircularShiftNoise(0.3, MixAxis.Batch);
        noise.ThrowIfSingular(100_000);
        Assert.AreEqual(2.5, noise.ConditionNumber(100_000), 1e-9);
        Assert.AreEqual(100_000 * Math.Log(0.7), noise.LogAbsDeterminant(100_000), 1e-6);
    }

    [TestMethod]
    public void The_condition_number_is_that_of_the_circulants_eigenvalues()
    {
        foreach (var size in new[] { 1, 2, 3, 4, 5, 8, 17, 28 })
        {
            foreach (var strength in new[] { 0, 0.1, 0.3, 0.45, 0.6, 1 })
            {
                var magnitudes = Enumerable
                    .Range(0, size)
                    .Select(j => (1 - strength + strength * Complex.Exp(new Complex(0, 2 * Math.PI * j / size))).Magnitude)
                    .ToArray();
                Assert.AreEqual(
                    magnitudes.Max() / magnitudes.Min(),
                    new CircularShiftNoise(strength).ConditionNumber(size),
                    1e-9,
                    $"{strength} over {size}"
                );
            }
        }
    }

    [TestMethod]
    [DataRow(MixAxis.SpatialRows, new[] { 784 })]
    [DataRow(MixAxis.SpatialRows, new[] { 28, 28 })]
    [DataRow(MixAxis.Tokens, new[] { 3, 28, 28 })]
    [DataRow(MixAxis.Channels, new[] { 784 })]
    public void A_shape_without_the_axis_is_refused_by_name(MixAxis axis, int[] shape)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NoiseKernel.Create(new OptimalMixingNoise(axis), shape));
        StringAssert.Contains(error.Message, axis.ToString());
        StringAssert.Contains(error.Message, $"[{string.Join(", ", shape)}]");
    }

    static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"element {i}");
    }
}
