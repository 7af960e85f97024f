using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>A view is immutable, and so is its noise: a row has the same values under any cursor.</summary>
[TestClass]
public class NoiseDeterminismTests
{
    const int Count = 300;

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_second_cursor_a_shuffled_one_and_a_parallel_set_give_every_row_the_same_noise()
    {
        var source = _ml.Data.Cache(Sample.View(_ml, Count));
        var view = Noisy(source);
        var expected = ByNumber(Vectors.Read(view.GetRowCursor(view.Schema), "Pixels"));
        AssertSame(expected, Vectors.Read(view.GetRowCursor(view.Schema), "Pixels"), inOrder: true);

        Assert.IsTrue(view.CanShuffle);
        AssertSame(expected, Vectors.Read(view.GetRowCursor(view.Schema, new Random(5)), "Pixels"), inOrder: false);

        var cursors = view.GetRowCursorSet(view.Schema, 4);
        AssertSame(expected, [.. cursors.AsParallel().SelectMany(cursor => Vectors.Read(cursor, "Pixels"))], inOrder: null);
    }

    [TestMethod]
    public void Interleaved_cursors_do_not_disturb_each_other()
    {
        var view = Noisy(Sample.View(_ml, 10));
        var expected = Vectors.Read(view, "Pixels");
        using var one = view.GetRowCursor(view.Schema);
        using var two = view.GetRowCursor(view.Schema);
        var (getOne, getTwo) = (one.GetGetter<VBuffer<float>>(view.Schema["Pixels"]), two.GetGetter<VBuffer<float>>(view.Schema["Pixels"]));
        var (valueOne, valueTwo) = (default(VBuffer<float>), default(VBuffer<float>));
        for (var row = 0; row < 5; row++)
        {
            one.MoveNext();
            one.MoveNext();
            two.MoveNext();
            getOne(ref valueOne);
            getTwo(ref valueTwo);
            getTwo(ref valueTwo);
            CollectionAssert.AreEqual(expected[2 * row + 1], valueOne.DenseValues().ToArray());
            CollectionAssert.AreEqual(expected[row], valueTwo.DenseValues().ToArray());
        }
    }

    [TestMethod]
    public void Cache_shuffle_skip_take_and_split_keep_every_rows_noise()
    {
        var view = Noisy(Sample.View(_ml, Count));
        var expected = ByNumber(Vectors.Read(view.GetRowCursor(view.Schema), "Pixels"));
        var split = _ml.Data.TrainTestSplit(view, testFraction: 0.3, seed: 1);
        foreach (
            var derived in new[]
            {
                _ml.Data.Cache(view),
                _ml.Data.ShuffleRows(view, seed: 2),
                _ml.Data.TakeRows(view, 20),
                _ml.Data.SkipRows(view, 20),
                split.TrainSet,
                split.TestSet,
            }
        )
        {
            var rows = Vectors.Read(derived.GetRowCursor(derived.Schema), "Pixels");
            Assert.AreNotEqual(0, rows.Count);
            foreach (var (number, vector) in rows)
                CollectionAssert.AreEqual(expected[number], vector, $"row {number}");
        }
    }

    [TestMethod]
    public void A_row_has_the_same_noise_in_a_subset_as_in_the_whole()
    {
        var whole = Sample.View(_ml, Count);
        var model = _ml.Noise.Gaussian("Pixels", standardDeviation: 5, scope: NoiseScope.Always, seed: 3).Fit(whole);
        var noisy = model.Transform(whole);
        var expected = ByNumber(Vectors.Read(noisy.GetRowCursor(noisy.Schema), "Pixels"));
        foreach (var part in new[] { _ml.Data.SkipRows(whole, 100), _ml.Data.TrainTestSplit(whole, 0.2, seed: 1).TestSet })
        {
            var noisyPart = model.Transform(part);
            foreach (var (number, vector) in Vectors.Read(noisyPart.GetRowCursor(noisyPart.Schema), "Pixels"))
                CollectionAssert.AreEqual(expected[number], vector, $"row {number}");
        }
    }

    [TestMethod]
    public void The_seed_of_the_options_or_else_of_the_context_determines_the_noise()
    {
        var data = Sample.View(_ml, 5);
        float[] First(MLContext ml, int? seed) =>
            Vectors.Read(
                ml.Noise.Gaussian("Pixels", standardDeviation: 5, scope: NoiseScope.Always, seed: seed).Fit(data).Transform(data),
                "Pixels"
            )[0];

        CollectionAssert.AreEqual(First(new(1), 7), First(new(2), 7));
        CollectionAssert.AreNotEqual(First(new(1), 7), First(new(1), 8));
        CollectionAssert.AreEqual(First(new(1), null), First(new(1), null));
        CollectionAssert.AreNotEqual(First(new(1), null), First(new(2), null));
    }

    [TestMethod]
    public void Two_columns_with_one_seed_get_different_noise()
    {
        var data = Sample.View(_ml, 3);
        var model = _ml
            .Noise.Gaussian("A", 5, "Pixels", scope: NoiseScope.Always, seed: 7)
            .Append(_ml.Noise.Gaussian("B", 5, "Pixels", scope: NoiseScope.Always, seed: 7))
            .Fit(data);
        var noisy = model.Transform(data);
        CollectionAssert.AreNotEqual(Vectors.Read(noisy, "A")[0], Vectors.Read(noisy, "B")[0]);
    }

    [TestMethod]
    public void Two_noises_on_one_column_with_one_seed_are_independent()
    {
        // Independent: 10 and 10 make 10 * sqrt(2) = 14.1; the same numbers twice would make 20.
        var data = Sample.View(_ml, 2_000);
        Assert.AreEqual(14.14, StandardDeviation(Twice()), 0.2);
        CollectionAssert.AreEqual(Vectors.Read(Twice(), "Pixels")[7], Vectors.Read(Twice(), "Pixels")[7]);

        IDataView Twice() =>
            _ml
                .Noise.Gaussian("Pixels", standardDeviation: 10, scope: NoiseScope.Always, seed: 7)
                .Append(_ml.Noise.Gaussian("Pixels", standardDeviation: 10, scope: NoiseScope.Always, seed: 7))
                .Fit(data)
                .Transform(data);

        double StandardDeviation(IDataView noisy) =>
            Math.Sqrt(
                Vectors
                    .Read(noisy, "Pixels")
                    .Zip(Vectors.Read(data, "Pixels"))
                    .SelectMany(pair => pair.First.Zip(pair.Second, (with, without) => (with - without) * (with - without)))
                    .Average()
            );
    }

    [TestMethod]
    public void Column_noise_is_the_kernels()
    {
        var data = Sample.View(_ml, 3);
        var noisy = _ml.Noise.Add("Tokens", new OptimalMixingNoise(MixAxis.Tokens), scope: NoiseScope.Always).Fit(data).Transform(data);
        var expected = Vectors.Read(data, "Tokens");
        foreach (var row in expected)
            NoiseKernel.Create(new OptimalMixingNoise(MixAxis.Tokens), [3, 4]).Apply(row, 1, 0, [default]);
        for (var row = 0; row < 3; row++)
            CollectionAssert.AreEqual(expected[row], Vectors.Read(noisy, "Tokens")[row]);
    }

    IDataView Noisy(IDataView source) =>
        _ml
            .Noise.Gaussian("Pixels", standardDeviation: 5, seed: 3)
            .Append(_ml.Noise.SaltAndPepper("Pixels", scope: NoiseScope.Always, seed: 4))
            .Fit(source)
            .Transform(source);

    static Dictionary<int, float[]> ByNumber(List<(int Number, float[] Vector)> rows) =>
        rows.ToDictionary(row => row.Number, row => row.Vector);

    static void AssertSame(Dictionary<int, float[]> expected, List<(int Number, float[] Vector)> actual, bool? inOrder)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        foreach (var (number, vector) in actual)
            CollectionAssert.AreEqual(expected[number], vector, $"row {number}");
        if (inOrder is not null)
            Assert.AreEqual(inOrder.Value, actual.Select(row => row.Number).SequenceEqual(Enumerable.Range(0, expected.Count)));
    }
}
