using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>Noise among what users have around it: splits, caches, shuffles, filters, mappings, cross-validation.</summary>
[TestClass]
public class CompositionTests
{
    const int Count = 120;

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Whatever_selects_or_reorders_rows_behind_the_noise_keeps_each_rows_noise()
    {
        foreach (var (view, what) in Views())
        {
            var expected = ByNumber(view);
            foreach (var (derived, operation) in Derived(view))
            {
                var rows = Vectors.Read(derived.GetRowCursor(derived.Schema), "Features");
                Assert.IsNotEmpty(rows, $"{what}, {operation}");
                foreach (var (number, vector) in rows)
                    CollectionAssert.AreEqual(expected[number], vector, $"{what}, {operation}, row {number}");
            }
        }
    }

    [TestMethod]
    public void Whatever_selects_rows_before_the_noise_keeps_each_rows_noise_too()
    {
        // What keeps the ids of rows: all but a cache, which numbers them afresh.
        var data = Data();
        var model = _ml.Noise.Gaussian("Features", standardDeviation: 5, scope: NoiseScope.Always, seed: 3).Fit(data);
        var expected = ByNumber(model.Transform(data));
        foreach (var (derived, operation) in Derived(data).Where(derived => derived.Operation is not "Cache"))
        {
            var noisy = model.Transform(derived);
            foreach (var (number, vector) in Vectors.Read(noisy.GetRowCursor(noisy.Schema), "Features"))
                CollectionAssert.AreEqual(expected[number], vector, $"{operation}, row {number}");
        }
    }

    [TestMethod]
    public void Cursors_in_any_order_and_number_agree_for_every_seed()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            NoiseDefinition noise = (seed % 4) switch
            {
                0 => new GaussianNoise(random.NextDouble() * 10),
                1 => new SaltAndPepperNoise(random.NextDouble()),
                2 => new CircularShiftNoise(0.1 + 0.3 * random.NextDouble(), MixAxis.Tokens),
                _ => new OptimalMixingNoise(MixAxis.Channels),
            };
            var view = new GeneratedView(random.Next(1, 300), 3, random.Next(1, 40));
            var noisy = _ml
                .Noise.Add("Features", noise, scope: NoiseScope.Always, seed: seed, rowProbability: random.NextDouble())
                .Fit(view)
                .Transform(view);
            var expected = ByNumber(noisy);
            foreach (
                var cursors in new DataViewRowCursor[][]
                {
                    [noisy.GetRowCursor(noisy.Schema, random)],
                    noisy.GetRowCursorSet(noisy.Schema, random.Next(2, 6)),
                    noisy.GetRowCursorSet(noisy.Schema, random.Next(2, 6), random),
                }
            )
            {
                var rows = cursors
                    .AsParallel()
                    .WithDegreeOfParallelism(cursors.Length)
                    .SelectMany(cursor => Vectors.Read(cursor, "Features"))
                    .ToList();
                Assert.HasCount(expected.Count, rows);
                foreach (var (number, vector) in rows)
                    CollectionAssert.AreEqual(expected[number], vector, $"{noise}, row {number}");
            }
        }
    }

    [TestMethod]
    public void A_pipeline_with_keys_mappings_concatenation_and_a_cache_trains_on_noise_and_scores_clean()
    {
        var train = Sample.View(_ml, 60);
        var learner = new NearestMean("Features");
        var model = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.CustomMapping<Sum.In, Sum.Out>((row, sum) => sum.Total = row.Pixels.Sum(), contractName: null))
            .Append(_ml.Transforms.Concatenate("Features", "Pixels", "Total"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Noise.Gaussian("Features", standardDeviation: 2, seed: 3))
            .AppendCacheCheckpoint(_ml)
            .Append(learner)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(train);

        var fresh = model.Transform(Sample.View(_ml, 60));
        var clean = Vectors.Read(fresh, "Features");
        Assert.HasCount(60, learner.Seen);
        for (var row = 0; row < 60; row++)
            CollectionAssert.AreNotEqual(clean[row], learner.Seen[row], "fitted on noise");
        CollectionAssert.AreEqual(Sample.Array(60)[7].Pixels, clean[7][..20], "scored without");
        Assert.HasCount(60, fresh.GetColumn<string>("PredictedLabel"));

        using var engine = _ml.Model.CreatePredictionEngine<Sample, Prediction>(model);
        Assert.AreEqual(fresh.GetColumn<string>("PredictedLabel").ElementAt(7), engine.Predict(Sample.Array(8)[7]).PredictedLabel);
    }

    [TestMethod]
    public void Cross_validation_fits_every_fold_on_noise_and_scores_what_was_held_out_without()
    {
        var data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 90).Select(i => new Point { Label = (uint)(i % 2), Features = [100 * (i % 2), i] })
        );
        var clean = Vectors.Read(data, "Features").Select(row => (row[0], row[1])).ToHashSet();
        var learner = new NearestMean("Features");
        var results = _ml.MulticlassClassification.CrossValidate(
            data,
            _ml.Noise.Gaussian("Features", standardDeviation: 3).Append(learner),
            numberOfFolds: 3,
            seed: 4
        );
        Assert.HasCount(3, results);
        Assert.IsEmpty(learner.Seen.Where(row => clean.Contains((row[0], row[1]))), "no fold was fitted on clean rows");
        foreach (var fold in results)
        {
            Assert.AreEqual(1.0, fold.Metrics.MicroAccuracy);
            Assert.IsEmpty(Vectors.Read(fold.ScoredHoldOutSet, "Features").Where(row => !clean.Contains((row[0], row[1]))));
        }
        Assert.AreEqual(90, results.Sum(fold => fold.ScoredHoldOutSet.GetColumn<uint>("Label").Count()));
    }

    IDataView Data() =>
        _ml
            .Transforms.CustomMapping<Numbered, Share>((row, share) => share.Fraction = row.Number / (float)Count, contractName: null)
            .Fit(new GeneratedView(Count, 3, 7))
            .Transform(new GeneratedView(Count, 3, 7));

    IEnumerable<(IDataView View, string What)> Views()
    {
        var data = Data();
        yield return (Fit(new GaussianNoise(5)), "elements");
        yield return (Fit(new SaltAndPepperNoise(0.4), rowProbability: 0.5), "some rows");
        yield return (Fit(new CircularShiftNoise(0.3, MixAxis.Tokens)), "tokens");
        yield return (Fit(new CircularShiftNoise(0.3, MixAxis.Batch)), "batch");

        IDataView Fit(NoiseDefinition noise, double rowProbability = 1) =>
            _ml
                .Noise.Add("Features", noise, scope: NoiseScope.Always, seed: 3, batchSize: 16, rowProbability: rowProbability)
                .Fit(data)
                .Transform(data);
    }

    IEnumerable<(IDataView View, string Operation)> Derived(IDataView view)
    {
        var split = _ml.Data.TrainTestSplit(view, testFraction: 0.3, seed: 1);
        yield return (split.TrainSet, "TrainSet");
        yield return (split.TestSet, "TestSet");
        foreach (var fold in _ml.Data.CrossValidationSplit(view, 3, seed: 2))
            yield return (fold.TestSet, "fold");
        yield return (_ml.Data.Cache(view), "Cache");
        yield return (_ml.Data.ShuffleRows(view, seed: 3), "ShuffleRows");
        yield return (_ml.Data.ShuffleRows(view, seed: 3, shufflePoolSize: 7, shuffleSource: false), "ShuffleRows by pool");
        yield return (_ml.Data.TakeRows(view, 37), "TakeRows");
        yield return (_ml.Data.SkipRows(view, 37), "SkipRows");
        yield return (_ml.Data.FilterRowsByColumn(view, "Fraction", 0.25, 0.5), "FilterRowsByColumn");
    }

    static Dictionary<int, float[]> ByNumber(IDataView view) =>
        Vectors.Read(view.GetRowCursor(view.Schema), "Features").ToDictionary(row => row.Number, row => row.Vector);

    public sealed class Numbered
    {
        public int Number { get; set; }
    }

    public sealed class Share
    {
        public float Fraction { get; set; }
    }

    public sealed class Sum
    {
        public sealed class In
        {
            [VectorType(1, 4, 5)]
            public float[] Pixels { get; set; } = [];
        }

        public sealed class Out
        {
            public float Total { get; set; }
        }
    }

    public sealed class Point
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    public sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }
}
