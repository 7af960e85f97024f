using Microsoft.ML;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>Noise across the rows of a batch: transductive, and treated as such.</summary>
[TestClass]
public class BatchNoiseTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Blocks_of_rows_are_mixed_in_the_views_order_and_the_last_one_is_smaller()
    {
        var data = Sample.View(_ml, 10);
        var noisy = _ml
            .Noise.OptimalMixing("Pixels", axis: MixAxis.Batch, scope: NoiseScope.Always, batchSize: 4)
            .Fit(data)
            .Transform(data);
        var clean = Vectors.Read(data, "Pixels");
        var actual = Vectors.Read(noisy, "Pixels");
        for (var row = 0; row < 10; row++)
        {
            var block = clean.Skip(row / 4 * 4).Take(4).ToArray();
            for (var i = 0; i < 20; i++)
                Assert.AreEqual(
                    (clean[row][i] + block.Sum(other => other[i])) / (block.Length + 1),
                    actual[row][i],
                    1e-4,
                    $"row {row}, element {i}"
                );
        }
    }

    [TestMethod]
    public void It_is_not_shuffled_so_that_every_pass_has_the_same_neighbours()
    {
        var data = _ml.Data.Cache(Sample.View(_ml, 50));
        var noisy = _ml.Noise.LinearTransform("Pixels", axis: MixAxis.Batch, batchSize: 8).Fit(data).Transform(data);
        Assert.IsFalse(noisy.CanShuffle);
        var expected = Vectors.Read(noisy.GetRowCursor(noisy.Schema), "Pixels");
        var again = Vectors.Read(noisy.GetRowCursor(noisy.Schema, new Random(1)), "Pixels");
        for (var row = 0; row < 50; row++)
        {
            Assert.AreEqual(expected[row].Number, again[row].Number);
            CollectionAssert.AreEqual(expected[row].Vector, again[row].Vector);
        }
        var shuffled = _ml.Data.ShuffleRows(noisy, seed: 2, shufflePoolSize: 10, shuffleSource: false);
        foreach (var (number, vector) in Vectors.Read(shuffled.GetRowCursor(shuffled.Schema), "Pixels"))
            CollectionAssert.AreEqual(expected[number].Vector, vector, "rows shuffled behind the noise keep it");
    }

    [TestMethod]
    public void Kept_at_scoring_time_it_is_no_row_to_row_mapper_and_says_why()
    {
        var data = Sample.View(_ml, 4);
        var model = _ml.Noise.OptimalMixing("Pixels", axis: MixAxis.Batch, scope: NoiseScope.Always).Fit(data);
        Assert.IsFalse(model.IsRowToRowMapper);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => model.GetRowToRowMapper(data.Schema)).Message,
            "across the batch"
        );
    }

    [TestMethod]
    public void In_training_only_it_maps_single_rows_as_the_identity()
    {
        var data = Sample.View(_ml, 4);
        var model = _ml.Noise.OptimalMixing("Pixels", axis: MixAxis.Batch).Fit(data);
        Assert.IsTrue(model.IsRowToRowMapper);
        var mapper = model.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var getter = row.GetGetter<Microsoft.ML.Data.VBuffer<float>>(mapper.OutputSchema["Pixels"]);
        var value = default(Microsoft.ML.Data.VBuffer<float>);
        foreach (var clean in Vectors.Read(data, "Pixels"))
        {
            cursor.MoveNext();
            getter(ref value);
            CollectionAssert.AreEqual(clean, value.DenseValues().ToArray());
        }
    }

    [TestMethod]
    public void A_strength_that_some_last_block_could_not_take_is_refused_before_any_data_are_read()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            _ml.Noise.LinearTransform("Pixels", strength: 0.5, axis: MixAxis.Batch, batchSize: 5)
        );
        StringAssert.Contains(error.Message, "'Pixels'");
        StringAssert.Contains(error.Message, "blocks of up to 5");
    }

    [TestMethod]
    public void A_value_that_is_not_finite_is_reported_with_its_row()
    {
        var rows = Sample.Array(10);
        rows[7].Pixels[3] = float.NegativeInfinity;
        var data = _ml.Data.LoadFromEnumerable(rows);
        var noisy = _ml.Noise.OptimalMixing("Pixels", axis: MixAxis.Batch, batchSize: 4).Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Vectors.Read(noisy, "Pixels"));
        StringAssert.Contains(error.Message, "element 3 of row 7");
    }
}
