using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>What noise on a column makes of rows and columns that are not as expected.</summary>
[TestClass]
public class NoiseBadInputTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_sparse_vector_gets_the_noise_of_its_dense_twin()
    {
        var sparse = View(new VBuffer<float>(6, 2, [3, 5], [1, 4]), new VBuffer<float>(6, 0, [], []));
        var dense = View(new VBuffer<float>(6, [0, 3, 0, 0, 5, 0]), new VBuffer<float>(6, new float[6]));
        foreach (var noise in new NoiseDefinition[] { new GaussianNoise(1), new OptimalMixingNoise(MixAxis.Batch) })
        {
            var (expected, actual) = (Vectors.Read(Noisy(dense, noise), "Values"), Vectors.Read(Noisy(sparse, noise), "Values"));
            CollectionAssert.AreEqual(expected[0], actual[0]);
            CollectionAssert.AreEqual(expected[1], actual[1]);
        }
    }

    [TestMethod]
    public void Elements_of_vectors_of_any_size_take_noise_and_a_vector_of_none_stays_empty()
    {
        var data = AnySize([1, 2], [], [1, 2, 3, 4, 5]);
        var noisy = Vectors.Read(Noisy(data, new GaussianNoise(1)), "Values");
        CollectionAssert.AreEqual(new[] { 2, 0, 5 }, noisy.Select(row => row.Length).ToArray());
        Assert.AreNotEqual(1, noisy[0][0]);
        Assert.AreNotEqual(5, noisy[2][4]);
        Assert.IsFalse(((VectorDataViewType)Noisy(data, new GaussianNoise(1)).Schema["Values"].Type).IsKnownSize);
    }

    [TestMethod]
    [DataRow(MixAxis.Tokens, "Dimensions")]
    [DataRow(MixAxis.Batch, "[VectorType(...)]")]
    public void Mixing_wants_a_known_size_and_says_where_to_give_it(MixAxis axis, string remedy)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Noisy(AnySize([1, 2]), new OptimalMixingNoise(axis)));
        StringAssert.Contains(error.Message, "'Values'");
        StringAssert.Contains(error.Message, "known-size Vector<Single>");
        StringAssert.Contains(error.Message, remedy);
    }

    [TestMethod]
    public void Dimensions_give_a_flat_column_its_shape()
    {
        var shaped = new GeneratedView(3, 2, 4, 5);
        var flat = new GeneratedView(3, 40);
        foreach (
            var noise in new NoiseDefinition[]
            {
                new CircularShiftNoise(0.3),
                new OptimalMixingNoise(MixAxis.Channels),
                new GaussianNoise(2),
            }
        )
        {
            var (expected, actual) = (Fit(shaped, noise, null), Fit(flat, noise, [2, 4, 5]));
            Assert.AreEqual(flat.Schema["Features"].Type, actual.Schema["Features"].Type);
            for (var row = 0; row < 3; row++)
                CollectionAssert.AreEqual(Vectors.Read(expected, "Features")[row], Vectors.Read(actual, "Features")[row], $"{noise}");
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(flat, new OptimalMixingNoise(MixAxis.Channels), null));

        IDataView Fit(IDataView data, NoiseDefinition noise, int[]? dimensions) =>
            _ml
                .Noise.Add(
                    new NoiseEstimator.Options
                    {
                        OutputColumnName = "Features",
                        Noise = noise,
                        Dimensions = dimensions,
                        Scope = NoiseScope.Always,
                        Seed = 3,
                    }
                )
                .Fit(data)
                .Transform(data);
    }

    [TestMethod]
    public void Interleaved_pixels_are_mixed_over_their_rows_by_dimensions()
    {
        var planar = _ml
            .Transforms.ExtractPixels("Pixels", "Image")
            .Append(_ml.Noise.Add("Pixels", new CircularShiftNoise(0.3), scope: NoiseScope.Always))
            .Fit(Pictures.View(_ml, 1))
            .Transform(Pictures.View(_ml, 1));
        var interleaved = _ml
            .Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true)
            .Append(
                _ml.Noise.Add(
                    new NoiseEstimator.Options
                    {
                        OutputColumnName = "Pixels",
                        Noise = new CircularShiftNoise(0.3),
                        Dimensions = [1, 4, 15],
                        Scope = NoiseScope.Always,
                    }
                )
            )
            .Fit(Pictures.View(_ml, 1))
            .Transform(Pictures.View(_ml, 1));
        var (planes, pixels) = (Vectors.Read(planar, "Pixels")[0], Vectors.Read(interleaved, "Pixels")[0]);
        for (var i = 0; i < 60; i++)
            Assert.AreEqual(planes[i % 3 * 20 + i / 3], pixels[i]);
    }

    [TestMethod]
    public void Dimensions_make_a_size_known_and_a_row_of_another_is_an_error_that_names_it()
    {
        var data = AnySize([1, 2, 3, 4], [1, 2, 3]);
        var noisy = _ml
            .Noise.Add(
                new NoiseEstimator.Options
                {
                    OutputColumnName = "Values",
                    Noise = new OptimalMixingNoise(MixAxis.Tokens),
                    Dimensions = [2, 2],
                    Scope = NoiseScope.Always,
                }
            )
            .Fit(data)
            .Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Vectors.Read(noisy, "Values"));
        StringAssert.Contains(error.Message, "'Values' has 3 values in row 1, but must have 4");
    }

    [TestMethod]
    public void Dimensions_that_do_not_fit_are_refused()
    {
        StringAssert.Contains(Refused(5, 4), "[5, 4] of the options have 20 elements, the column has 21");
        StringAssert.Contains(Refused(0, 4), "at least 1");
        StringAssert.Contains(Refused(), "at least 1");
        StringAssert.Contains(Refused(1 << 20, 1 << 20), "elements");

        string Refused(params int[] dimensions) =>
            Assert
                .ThrowsExactly<ArgumentOutOfRangeException>(() =>
                    _ml
                        .Noise.Add(
                            new NoiseEstimator.Options
                            {
                                OutputColumnName = "Features",
                                Noise = new GaussianNoise(1),
                                Dimensions = dimensions,
                            }
                        )
                        .Fit(new GeneratedView(1, 21))
                )
                .Message;
    }

    [TestMethod]
    [DataRow("Number", "Convert it with ConvertType and Concatenate")]
    [DataRow("Doubles", "Convert it with ConvertType")]
    [DataRow("Label", "expected Vector<Single> or an image")]
    [DataRow("Weight", "Concatenate makes a vector")]
    public void A_column_of_another_type_is_refused_with_a_remedy(string column, string remedy)
    {
        var sample = Sample.View(_ml, 1);
        var data = _ml
            .Transforms.CustomMapping<CompositionTests.Numbered, Weighted>((_, _) => { }, contractName: null)
            .Fit(sample)
            .Transform(sample);
        var estimator = _ml.Noise.Gaussian("Noisy", 1, column);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, remedy);
    }

    [TestMethod]
    public void A_view_without_rows_gives_none()
    {
        foreach (var noise in new NoiseDefinition[] { new GaussianNoise(1), new OptimalMixingNoise(MixAxis.Batch) })
            Assert.IsEmpty(Vectors.Read(Noisy(new GeneratedView(0, 4), noise, "Features"), "Features"));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(100)]
    public void Blocks_of_any_size_mix_and_a_last_row_alone_stays_as_it_is(int batchSize)
    {
        var data = new GeneratedView(7, 4);
        var clean = Vectors.Read(data, "Features");
        var noisy = Vectors.Read(Noisy(data, new OptimalMixingNoise(MixAxis.Batch), "Features", batchSize), "Features");
        for (var row = 0; row < 7; row++)
        {
            var block = clean.Skip(row / batchSize * batchSize).Take(batchSize).ToArray();
            for (var i = 0; i < 4; i++)
                Assert.AreEqual(
                    block.Length == 1 ? clean[row][i] : (clean[row][i] + block.Sum(other => other[i])) / (block.Length + 1),
                    noisy[row][i],
                    1e-5
                );
        }
    }

    [TestMethod]
    public void Noise_across_the_batch_reads_no_further_ahead_than_a_block()
    {
        var read = 0;
        var rows = Enumerable
            .Range(0, 1000)
            .Select(i =>
            {
                read = i + 1;
                return new AnyVector { Values = new VBuffer<float>(2, [i, 1]) };
            });
        var noisy = Noisy(View(rows), new OptimalMixingNoise(MixAxis.Batch), batchSize: 8);
        using var cursor = noisy.GetRowCursor(noisy.Schema);
        for (var row = 0; row < 100; row++)
        {
            cursor.MoveNext();
            Assert.AreEqual(8 * (row / 8 + 1), read);
        }
    }

    [TestMethod]
    public void Values_that_are_not_finite_are_named_also_in_rows_that_take_no_noise_and_in_the_second_of_two_columns()
    {
        var rows = Sample.Array(5);
        rows[3].Tokens[2] = float.PositiveInfinity;
        var data = _ml.Data.LoadFromEnumerable(rows);
        foreach (
            var estimator in new[]
            {
                _ml.Noise.Add([new("Pixels"), new("Tokens")], new GaussianNoise(1), NoiseScope.Always, rowProbability: 0),
                _ml.Noise.Add([new("Pixels"), new("Tokens")], new OptimalMixingNoise(MixAxis.Batch), NoiseScope.Always),
            }
        )
        {
            var noisy = estimator.Fit(data).Transform(data);
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Vectors.Read(noisy, "Tokens"));
            StringAssert.Contains(error.Message, $"'Tokens' is {float.PositiveInfinity} at element 2 of row 3");
            StringAssert.Contains(error.Message, "ReplaceMissingValues");
        }
    }

    [TestMethod]
    public void Mixing_that_is_all_but_singular_at_the_columns_size_is_refused_by_condition_and_harmless_mixing_of_many_rows_is_not()
    {
        // (1 - α) - α at an even size: 2e-7, so the condition number is 5e6. At 401 tokens it is 1/sin(π/802) = 255.
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            _ml.Noise.LinearTransform("Features", strength: 0.4999999, axis: MixAxis.Tokens).Fit(new GeneratedView(1, 4, 3))
        );
        StringAssert.Contains(error.Message, "'Features'");
        StringAssert.Contains(error.Message, "ill-conditioned");
        // Its determinant is 0.6^4000, about 1e-887: 0 in float64.
        _ml.Noise.LinearTransform("Features", strength: 0.4, axis: MixAxis.Tokens).Fit(new GeneratedView(1, 4000, 2));
        _ml.Noise.LinearTransform("Features", strength: 0.5, axis: MixAxis.Tokens).Fit(new GeneratedView(1, 401, 3));
    }

    [TestMethod]
    public void Missing_values_are_dropped_or_replaced_as_the_error_says()
    {
        var rows = Sample.Array(5);
        rows[2].Pixels[7] = float.NaN;
        var data = _ml.Data.LoadFromEnumerable(rows);
        var (dropped, replaced) = (
            _ml.Data.FilterRowsByMissingValues(data, "Pixels"),
            _ml.Transforms.ReplaceMissingValues("Pixels").Fit(data).Transform(data)
        );
        Assert.HasCount(4, Vectors.Read(Noisy(dropped, new GaussianNoise(1), "Pixels"), "Pixels"));
        Assert.HasCount(5, Vectors.Read(Noisy(replaced, new GaussianNoise(1), "Pixels"), "Pixels"));
    }

    IDataView Noisy(IDataView data, NoiseDefinition noise, string column = "Values", int batchSize = 64) =>
        _ml.Noise.Add(column, noise, scope: NoiseScope.Always, seed: 3, batchSize: batchSize).Fit(data).Transform(data);

    IDataView View(params VBuffer<float>[] values) => View(values.Select(value => new AnyVector { Values = value }));

    IDataView View(IEnumerable<AnyVector> rows)
    {
        var definition = SchemaDefinition.Create(typeof(AnyVector));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.First().Values.Length);
        return _ml.Data.LoadFromEnumerable(rows, definition);
    }

    IDataView AnySize(params float[][] values) =>
        _ml.Data.LoadFromEnumerable(values.Select(value => new AnyVector { Values = new(value.Length, value) }));

    public sealed class AnyVector
    {
        public VBuffer<float> Values { get; set; }
    }

    public sealed class Weighted
    {
        public float Weight { get; set; }
    }
}
