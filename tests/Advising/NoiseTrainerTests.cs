using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Advising;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Advising;

/// <summary>
/// Images of 10 x 10 pixels whose class is the row that is bright: what distinguishes the classes is the difference between pixel rows. The
/// optimal mixing of pixel rows all but averages it away.
/// </summary>
[TestClass]
public sealed class NoiseTrainerTests
{
    const int Side = 10;

    static readonly OptimalMixingNoise s_mixing = new(MixAxis.SpatialRows);
    static readonly MLContext s_ml = new(1);
    static readonly TrialRows s_rows = Rows();

    [TestMethod]
    public void Optimal_mixing_of_pixel_rows_collapses_the_rows_and_is_stopped_by_the_guard()
    {
        Assert.IsLessThan(0.5, s_rows.RankRatio(s_mixing));
        Assert.IsGreaterThan(0.8, s_rows.RankRatio(new CircularShiftNoise(0.1, MixAxis.SpatialRows)));
        Assert.IsGreaterThan(0.9, s_rows.RankRatio(new GaussianNoise(5)));
    }

    [TestMethod]
    public void Without_the_guard_the_trainings_reject_it_too()
    {
        var trainer = new NoiseTrainer(s_rows, epochs: 6, CancellationToken.None);

        var result = new NoiseSearch([s_mixing], trainer.Run, budgetSeconds: 60).Run();

        Assert.IsNull(result.Advised);
        Assert.IsLessThan(0.0, result.Tried.Single().Gain, "noise off");
    }

    [TestMethod]
    public void A_trial_repeats_and_differs_from_its_vanilla_twin_in_the_noise_alone()
    {
        var trainer = new NoiseTrainer(s_rows, epochs: 1, CancellationToken.None);

        var (first, again) = (trainer.Run(new(s_mixing, 1)), trainer.Run(new(s_mixing, 1)));

        Assert.AreEqual(first with { Seconds = 0 }, again with { Seconds = 0 });
        Assert.IsNotNull(first.ConfirmingWithNoise);
        Assert.IsNull(trainer.Run(new(new GaussianNoise(5), 1)).ConfirmingWithNoise);
        // A shift by nothing is no noise.
        Assert.AreEqual(
            trainer.Run(new(null, 1)).Confirming,
            trainer.Run(new(new CircularShiftNoise(0, MixAxis.SpatialRows), 1)).Confirming
        );
    }

    [TestMethod]
    public void Rows_that_choose_and_rows_that_confirm_share_none()
    {
        Assert.AreEqual(200, s_rows.Choosing.Count);
        Assert.AreEqual(200, s_rows.Confirming.Count);
        HashSet<string> seen = [];
        foreach (var store in new[] { s_rows.Choosing, s_rows.Confirming })
        {
            for (var row = 0; row < store.Count; row++)
            {
                var values = new float[store.RowLength];
                store.CopyTo(row, values);
                Assert.IsTrue(seen.Add(string.Join(',', values)));
            }
        }
    }

    [TestMethod]
    public void A_log_knows_finished_trainings_of_the_same_settings_and_survives_a_line_that_was_cut_off()
    {
        using var folder = new TemporaryFolder();
        var path = folder["runs/trials.jsonl"];
        TrialOutcome outcome = new(0.8, 0.81, null, 2);
        var trained = 0;
        TrialOutcome Get(string settings, int seed) =>
            new TrialLog(path, settings, trial => $"{trial.Noise?.Name} {trial.Seed}").Get(
                new(null, seed),
                _ =>
                {
                    trained++;
                    return outcome;
                }
            );

        Get("a", 1);
        File.AppendAllText(path, "\n{\"Settings\":\"a\",\"Tri");
        Get("a", 2);

        Assert.AreEqual(outcome, Get("a", 1));
        Assert.AreEqual(outcome, Get("a", 2));
        Assert.AreEqual(2, trained);
        Get("b", 1);
        Assert.AreEqual(3, trained, "other data or settings");
    }

    [TestMethod]
    public void The_effective_rank_counts_directions()
    {
        // Four rows at the corners of a square: two directions of equal spread.
        Assert.AreEqual(2, EffectiveRank.Of([1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0], 3), 1e-9);
        // On a line: one.
        Assert.AreEqual(1, EffectiveRank.Of([1, 2, 2, 4, 3, 6], 2), 1e-6);
        Assert.AreEqual(0, EffectiveRank.Of([1, 2, 1, 2], 2));
    }

    static TrialRows Rows()
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        var column = schema[nameof(Row.Values)];
        (column.ColumnName, column.ColumnType) = ("Features", new VectorDataViewType(NumberDataViewType.Single, 1, Side, Side));
        IDataView View(int count) =>
            s_ml.Data.LoadFromEnumerable(
                Enumerable
                    .Range(0, count)
                    .Select(row => new Row
                    {
                        Values =
                        [
                            .. Enumerable
                                .Range(0, Side * Side)
                                .Select(pixel => (float)(random.NextDouble() * 100 + (pixel / Side == row % Side ? 40 : 0))),
                        ],
                        Label = $"row {row % Side}",
                    })
                    .ToList(),
                schema
            );
        return TrialRows.Read(
            "planted",
            "Features",
            [.. Enumerable.Range(0, Side).Select(row => $"row {row}")],
            View(600),
            View(400),
            seed: 1,
            CancellationToken.None
        );
    }

    sealed class Row
    {
        public float[] Values { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
