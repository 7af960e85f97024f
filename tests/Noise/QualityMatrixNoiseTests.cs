using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class QualityMatrixNoiseTests
{
    static readonly double[][] Swap =
    [
        [-0.75, 0.75],
        [0.5, -0.5],
    ];

    [TestMethod]
    public void It_gives_the_product_of_the_written_out_matrix_on_every_axis_and_size()
    {
        var cases =
            from size in Gen.Choose(1, 70)
            from other in Gen.Choose(1, 150)
            from third in Gen.Choose(1, 3)
            from rows in Gen.Choose(1, 4)
            from axis in Gen.Elements(Enum.GetValues<MixAxis>())
            from planar in Gen.Elements(true, false)
            from seed in Gen.Choose(0, int.MaxValue)
            select (size, other, third, rows, axis, planar, seed);
        Prop.ForAll(
                cases.ToArbitrary(),
                x =>
                {
                    var random = new Random(x.seed);
                    var noise = new QualityMatrixNoise(RandomMatrix(random, x.size), x.axis);
                    int[] shape = (x.axis, x.planar) switch
                    {
                        (MixAxis.Batch, _) => [x.third, x.other],
                        (MixAxis.Tokens, _) => [x.size, x.other],
                        (MixAxis.SpatialRows, _) => [x.third, x.size, x.other],
                        (_, true) => [x.size, x.third, x.other],
                        _ => [x.other, x.size],
                    };
                    var count = x.axis is MixAxis.Batch ? x.rows * x.size + x.seed % x.size : x.rows;
                    var values = Enumerable
                        .Range(0, count * shape.Aggregate(1, (a, b) => a * b))
                        .Select(_ => random.NextSingle() * 2 - 1)
                        .ToArray();
                    var (expected, actual) = (DenseMixing.Apply(noise, shape, count, values), Rows.Apply(noise, shape, values));
                    for (var i = 0; i < expected.Length; i++)
                        Assert.AreEqual(expected[i], actual[i], 1e-6, $"element {i} of {string.Join('x', shape)}, {x.axis}");
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void A_matrix_that_spells_out_a_circular_shift_or_optimal_mixing_gives_the_same()
    {
        var random = new Random(8);
        var values = Enumerable.Range(0, 2 * 9 * 40).Select(_ => random.NextSingle()).ToArray();
        foreach (
            var structured in new LinearTransformNoise[]
            {
                new CircularShiftNoise(0.3, MixAxis.Tokens),
                new OptimalMixingNoise(MixAxis.Tokens),
            }
        )
        {
            var own = QualityMatrixNoise.Of(MinusIdentity(structured.ToMatrix(9)), MixAxis.Tokens);
            var (expected, actual) = (Rows.Apply(structured, [9, 40], values), Rows.Apply(own, [9, 40], values));
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-6);
            Assert.AreEqual(structured.ConditionNumber(9), own.ConditionNumber(9), 1e-9);
            Assert.AreEqual(structured.EntropyChange(9).Paper!.Value, own.EntropyChange(9).Paper!.Value, 1e-9);
        }
    }

    [TestMethod]
    public void Its_log_determinant_and_condition_number_are_those_of_other_decompositions()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var noise = new QualityMatrixNoise(RandomMatrix(new Random(seed), 12), MixAxis.Channels);
            var mixing = Matrix<double>.Build.DenseOfArray(noise.ToMatrix(12));
            Assert.AreEqual(Math.Log(Math.Abs(mixing.LU().Determinant)), noise.LogAbsDeterminant(12), 1e-9);
            var eigenvalues = (mixing.Transpose() * mixing)
                .Evd(Symmetricity.Symmetric)
                .EigenValues.Select(value => Math.Sqrt(value.Real))
                .ToArray();
            Assert.AreEqual(eigenvalues.Max() / eigenvalues.Min(), noise.ConditionNumber(12), 1e-6);
            Assert.AreEqual(-noise.LogAbsDeterminant(12), noise.EntropyChange(12).Paper!.Value);
            Assert.AreEqual(0, noise.EntropyChange(12).Conditional);
        }
    }

    [TestMethod]
    public void Rows_that_fill_no_group_of_a_batch_stay_as_they_are()
    {
        var noise = new QualityMatrixNoise(Swap, MixAxis.Batch);
        CollectionAssert.AreEqual(new[] { 0.25f + 1.5f, 0.5f + 1, 0.75f + 3, 1.5f + 2, 7 }, Rows.Apply(noise, [1], [1, 2, 3, 4, 7]));
        CollectionAssert.AreEqual(new[] { 7f }, Rows.Apply(noise, [1], [7]));
        // det(I+Q) = 0.25·0.5 - 0.75·0.5 = -0.25 for each of two groups; the fifth row has 1.
        Assert.AreEqual(2 * Math.Log(0.25), noise.LogAbsDeterminant(5), 1e-12);
        Assert.AreEqual(0, noise.LogAbsDeterminant(1), 0);
        Assert.AreEqual(1, noise.ConditionNumber(1), 0);
        Assert.AreEqual(1, noise.ToMatrix(5)[4, 4]);
        Assert.AreEqual(0.75, noise.ToMatrix(5)[2, 3]);
    }

    [TestMethod]
    public void An_axis_of_another_length_is_refused_by_both_lengths()
    {
        var noise = new QualityMatrixNoise(Swap, MixAxis.Tokens);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NoiseKernel.Create(noise, [3, 5]));
        StringAssert.Contains(error.Message, "Q is 2 by 2 and mixes exactly 2 tokens; there are 3.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => noise.EntropyChange(3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => noise.ThrowIfSingular(4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => noise.EntropyChange(0));
    }

    [TestMethod]
    public void A_matrix_that_is_no_square_of_finite_numbers_is_refused_with_the_place()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new QualityMatrixNoise([], MixAxis.Tokens)).Message, "empty");
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    new QualityMatrixNoise(
                        [
                            [0, 1],
                            [0],
                        ],
                        MixAxis.Tokens
                    )
                )
                .Message,
            "row 1 has 1 numbers"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => QualityMatrixNoise.Of(new double[2, 3], MixAxis.Tokens)).Message,
            "square"
        );
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, 1e300 })
        {
            StringAssert.Contains(
                Assert
                    .ThrowsExactly<ArgumentException>(() =>
                        new QualityMatrixNoise(Swap, MixAxis.Tokens) with
                        {
                            Q =
                            [
                                [0, 0],
                                [0, bad],
                            ],
                        }
                    )
                    .Message,
                "[1, 1]"
            );
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new QualityMatrixNoise(Swap, (MixAxis)9));
    }

    [TestMethod]
    public void A_singular_or_ill_conditioned_matrix_is_refused_by_its_singular_values()
    {
        var singular = Assert.ThrowsExactly<ArgumentException>(() =>
            new QualityMatrixNoise(
                [
                    [-0.5, 0.5],
                    [0.5, -0.5],
                ],
                MixAxis.Tokens
            )
        );
        StringAssert.Contains(singular.Message, "singular");
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    new QualityMatrixNoise(
                        [
                            [-1, 0],
                            [0, -1],
                        ],
                        MixAxis.Tokens
                    )
                )
                .Message,
            "condition number is Infinity"
        );
        // Rows 1 and 2 are the same but for rounding; the determinant of thirds is not exactly 0 in floating point.
        Assert.ThrowsExactly<ArgumentException>(() =>
            new QualityMatrixNoise(
                [
                    [-2 / 3.0, 1 / 3.0, 1 / 3.0],
                    [1 / 3.0, -2 / 3.0, 1 / 3.0],
                    [0, 0, 0],
                ],
                MixAxis.Tokens
            )
        );
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    new QualityMatrixNoise(
                        [
                            [-1 + 1e-7, 0],
                            [0, 0],
                        ],
                        MixAxis.Tokens
                    )
                )
                .Message,
            "ill-conditioned"
        );
        // det = 10^-400 is 0 in float64, yet every singular value is a tenth.
        var scaled = new double[400, 400];
        for (var i = 0; i < 400; i++)
            scaled[i, i] = -0.9;
        Assert.AreEqual(1, QualityMatrixNoise.Of(scaled, MixAxis.Tokens).ConditionNumber(400), 1e-9);
        Assert.AreEqual(-400 * Math.Log(0.1), QualityMatrixNoise.Of(scaled, MixAxis.Tokens).EntropyChange(400).Paper!.Value, 1e-6);
    }

    [TestMethod]
    public void The_counter_family_refutes_the_optimality_theorem()
    {
        // aI + (1-a)/k 11ᵀ meets the theorem's three constraints, and the papers' change grows without bound; a = 1/(k+1) is the claimed
        // optimum.
        foreach (
            var (share, expected, tolerance) in new[]
            {
                (0.5, 2.079442, 5e-7),
                (0.2, 4.828314, 5e-7),
                (0.1, 6.907755, 5e-7),
                (0.01, 13.815511, 5e-7),
            }
        )
        {
            var q = new double[4, 4];
            for (var i = 0; i < 4; i++)
            {
                for (var j = 0; j < 4; j++)
                    q[i, j] = (1 - share) / 4 + (i == j ? share - 1 : 0);
            }
            var noise = QualityMatrixNoise.Of(q, MixAxis.Batch);
            Assert.AreEqual(expected, noise.EntropyChange(4).Paper!.Value, tolerance);
            var matrix = noise.ToMatrix(4);
            for (var i = 0; i < 4; i++)
            {
                Assert.AreEqual(1, Enumerable.Range(0, 4).Sum(j => Math.Abs(matrix[i, j])), 1e-12);
                Assert.IsTrue(Enumerable.Range(0, 4).All(j => matrix[i, i] >= matrix[i, j]));
            }
        }
    }

    [TestMethod]
    public void Definitions_are_equal_by_value_and_copied()
    {
        double[][] q =
        [
            [0, 0.25],
            [0.25, 0],
        ];
        var noise = new QualityMatrixNoise(q, MixAxis.Tokens);
        var same = new QualityMatrixNoise(
            [
                [0, 0.25],
                [0.25, 0],
            ],
            MixAxis.Batch
        ) with
        {
            Axis = MixAxis.Tokens,
        };
        Assert.AreEqual(noise, same);
        Assert.AreEqual(noise.GetHashCode(), same.GetHashCode());
        Assert.AreNotEqual(
            noise,
            noise with
            {
                Q =
                [
                    [0, 0.25],
                    [0.2, 0],
                ],
            }
        );
        Assert.AreNotEqual(
            noise.ToString(),
            (
                noise with
                {
                    Q =
                    [
                        [0, 0.25],
                        [0.2, 0],
                    ],
                }
            ).ToString()
        );
        q[0][1] = 9;
        Assert.AreEqual(0.25, noise.Q[0][1]);
        Assert.ThrowsExactly<NotSupportedException>(() => ((IList<double>)noise.Q[0])[0] = 1);
    }

    /// <summary>Rows of absolute sum 1 for I+Q, at most 0.3 of it off the diagonal, so that no matrix is near singular.</summary>
    static double[][] RandomMatrix(Random random, int size) =>
        [
            .. Enumerable
                .Range(0, size)
                .Select(row =>
                {
                    var weights = Enumerable.Range(0, size).Select(_ => random.NextDouble() * 2 - 1).ToArray();
                    weights[row] = 0;
                    var sum = weights.Sum(Math.Abs);
                    var share = sum == 0 ? 0 : 0.3 * random.NextDouble() / sum;
                    return weights.Select((weight, column) => column == row ? -share * sum : weight * share).ToArray();
                }),
        ];

    static double[,] MinusIdentity(double[,] matrix)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
            matrix[i, i]--;
        return matrix;
    }
}
