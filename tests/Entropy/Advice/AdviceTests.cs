using Microsoft.ML;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Advice;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Tests.Entropy.Advice;

[TestClass]
public class AdviceTests
{
    static readonly MLContext s_ml = new(seed: 1);

    /// <summary>Few rows per block: the tests are about signs, not about digits.</summary>
    static AdviceOptions Options(params NoiseDefinition[] candidates) =>
        new()
        {
            Candidates = candidates.Length == 0 ? null : candidates,
            Blocks = 12,
            RowsPerBlock = 40,
        };

    [TestMethod]
    public void A_noise_that_averages_a_nuisance_out_comes_first_and_what_destroys_the_signal_last()
    {
        var advice = s_ml.Entropy.Screen(
            AdvicePlanted.Nuisance(s_ml, 480),
            "Features",
            "Class",
            Options(
                new GaussianNoise(30),
                new SaltAndPepperNoise(0.9),
                new OptimalMixingNoise(MixAxis.Tokens),
                new CircularShiftNoise(0.3, MixAxis.Tokens),
                new GaussianNoise(0.01)
            )
        );

        Assert.AreEqual(new OptimalMixingNoise(MixAxis.Tokens), advice.Leading!.Noise, advice.Verdict);
        Assert.AreEqual(advice.Ranking[0], advice.Leading);
        Assert.IsTrue(advice.Leading.Low > 0.1, $"{advice.Leading}");
        CollectionAssert.AreEquivalent(
            (NoiseDefinition[])[new GaussianNoise(30), new SaltAndPepperNoise(0.9)],
            advice.Ranking.TakeLast(2).Select(ranked => ranked.Noise).ToArray()
        );
        Assert.IsTrue(advice.Ranking.TakeLast(2).All(ranked => ranked.Effect == NoiseEffect.Lowers), string.Join("\n", advice.Ranking));
        StringAssert.StartsWith(advice.Verdict, "Largest rise of DSMI: optimal-mixing");
        CollectionAssert.AreEqual(
            (double[])[advice.Sigma / 2, 2 * advice.Sigma],
            advice.OtherBandwidths.Select(other => other.Sigma).ToArray()
        );
        Assert.IsTrue(advice.OtherBandwidths.All(other => other.Measured.Low > 0), advice.Verdict);
    }

    /// <summary>Planted pairs (better, worse) of which a random ranking has half in the right order.</summary>
    [TestMethod]
    public void On_planted_cases_the_ranking_beats_a_random_one()
    {
        var (right, all) = (0, 0);
        for (var seed = 1; seed <= 4; seed++)
        {
            Compare(
                AdvicePlanted.Nuisance(s_ml, 480, seed),
                [new OptimalMixingNoise(MixAxis.Tokens)],
                [new GaussianNoise(0.01)],
                [new GaussianNoise(30), new SaltAndPepperNoise(0.9)]
            );
            Compare(
                AdvicePlanted.Clean(s_ml, 480, seed),
                [new GaussianNoise(0.01)],
                [new GaussianNoise(1)],
                [new GaussianNoise(5), new SaltAndPepperNoise(0.95, new(-2, 2))]
            );
        }
        Assert.IsTrue(right >= 0.95 * all, $"{right} of {all} pairs in the right order");

        void Compare(IDataView view, params NoiseDefinition[][] tiers)
        {
            var order = s_ml
                .Entropy.Screen(view, "Features", "Class", Options([.. tiers.SelectMany(tier => tier)]))
                .Ranking.Select(ranked => ranked.Noise)
                .ToList();
            for (var better = 0; better < tiers.Length; better++)
            {
                foreach (
                    var (first, second) in tiers[better]
                        .SelectMany(first => tiers[(better + 1)..].SelectMany(tier => tier).Select(second => (first, second)))
                )
                {
                    all++;
                    right += order.IndexOf(first) < order.IndexOf(second) ? 1 : 0;
                }
            }
        }
    }

    [TestMethod]
    public void Where_every_noise_only_blurs_the_answer_is_none()
    {
        var advice = s_ml.Entropy.Screen(AdvicePlanted.Clean(s_ml, 480), "Features", "Class", Options());

        Assert.IsNull(advice.Leading, advice.Verdict);
        Assert.AreEqual(0, advice.OtherBandwidths.Count);
        StringAssert.StartsWith(advice.Verdict, "No noise raises DSMI");
        Assert.IsTrue(advice.Ranking.Any(ranked => ranked.Effect == NoiseEffect.Lowers));
    }

    /// <summary>At 95 % at most one in forty advices is false; of 20 that four are has a probability below 0.002.</summary>
    [TestMethod]
    public void Labels_that_mean_nothing_get_no_advice_more_often_than_stated()
    {
        var advised = Enumerable
            .Range(1, 20)
            .Count(seed =>
                s_ml
                    .Entropy.Screen(
                        AdvicePlanted.Permuted(s_ml, 360, seed),
                        "Features",
                        "Class",
                        Options() with
                        {
                            RowsPerBlock = 30,
                            Seed = seed,
                        }
                    )
                    .Leading
                    is not null
            );
        Assert.IsTrue(advised <= 3, $"{advised} of 20");
    }

    /// <summary>The expected change is the mean over all 100 data sets, whose own error is a tenth of one advice's.</summary>
    [TestMethod]
    public void Intervals_of_95_percent_cover_the_expected_change_in_at_least_90_of_100_data_sets()
    {
        var measured = Enumerable
            .Range(1, 100)
            .Select(seed =>
                s_ml.Entropy.Screen(
                        AdvicePlanted.Nuisance(s_ml, 240, seed),
                        "Features",
                        "Class",
                        new()
                        {
                            Candidates = [new GaussianNoise(2)],
                            Blocks = 10,
                            RowsPerBlock = 24,
                            Seed = seed,
                        }
                    )
                    .Ranking.Single()
            )
            .ToList();
        var expected = measured.Average(ranked => ranked.Change);
        var covered = measured.Count(ranked => ranked.Low <= expected && expected <= ranked.High);
        Assert.IsTrue(covered >= 90, $"{covered} of 100");
        Assert.IsTrue(measured.Average(ranked => ranked.High - ranked.Low) < 0.5, "an interval that is as wide as everything covers too");
    }

    [TestMethod]
    public void Relabelling_the_tokens_changes_nothing()
    {
        var ranked = s_ml
            .Entropy.Screen(AdvicePlanted.Nuisance(s_ml, 240), "Features", "Class", Options(new CircularShiftNoise(1, MixAxis.Tokens)))
            .Ranking.Single();
        Assert.AreEqual(0, ranked.Change, 1e-6);
    }

    [TestMethod]
    public void Stretching_and_contracting_alone_change_nothing()
    {
        var identity = new double[5][];
        for (var i = 0; i < 5; i++)
            identity[i] = [.. Enumerable.Range(0, 5).Select(j => i == j ? -0.5 : 0)];
        var ranked = s_ml
            .Entropy.Screen(
                AdvicePlanted.Nuisance(s_ml, 240),
                "Features",
                "Class",
                Options(new QualityMatrixNoise(identity, MixAxis.Tokens))
            )
            .Ranking.Single();

        Assert.AreEqual(0, ranked.Change, 1e-6);
        Assert.AreEqual(NoiseEffect.Undecided, ranked.Effect);
        Assert.AreEqual(PaperPrediction.Positive, ranked.Paper, "the paper's formula takes Z/2 for positive noise");
    }

    [TestMethod]
    public void Mixing_a_shuffled_batch_hurts_whatever_the_papers_formula_says()
    {
        var ranked = s_ml
            .Entropy.Screen(
                AdvicePlanted.Clean(s_ml, 480),
                "Features",
                "Class",
                Options(new OptimalMixingNoise(MixAxis.Batch)) with
                {
                    BatchSize = 8,
                }
            )
            .Ranking.Single();

        Assert.AreEqual(NoiseEffect.Lowers, ranked.Effect);
        Assert.AreEqual(PaperPrediction.Positive, ranked.Paper);
        Assert.IsTrue(ranked.Disagrees);
        Assert.AreEqual(8, ranked.EntropyChange.Size);
    }

    [TestMethod]
    public void The_papers_sign_is_taken_from_its_figure_or_its_bounds()
    {
        var advice = s_ml.Entropy.Screen(
            AdvicePlanted.Nuisance(s_ml, 240),
            "Features",
            "Class",
            Options(
                new GaussianNoise(1),
                new SaltAndPepperNoise(0.1),
                new OptimalMixingNoise(MixAxis.Tokens),
                new GaussianNoise(1, Clip: new(-1, 1))
            )
        );
        PaperPrediction Of(NoiseDefinition noise) => advice.Ranking.Single(ranked => ranked.Noise == noise).Paper;

        Assert.AreEqual(PaperPrediction.Harmful, Of(new GaussianNoise(1)));
        Assert.AreEqual(PaperPrediction.Harmful, Of(new SaltAndPepperNoise(0.1)));
        Assert.AreEqual(PaperPrediction.Positive, Of(new OptimalMixingNoise(MixAxis.Tokens)));
        Assert.AreEqual(PaperPrediction.Open, Of(new GaussianNoise(1, Clip: new(-1, 1))));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_advice()
    {
        NoiseAdvice Advise() =>
            s_ml.Entropy.Screen(
                AdvicePlanted.Nuisance(s_ml, 240),
                "Features",
                "Class",
                Options(new GaussianNoise(1), new CircularShiftNoise(0.3, MixAxis.Tokens))
            );
        CollectionAssert.AreEqual(Advise().Ranking.ToArray(), Advise().Ranking.ToArray());
    }

    [TestMethod]
    public void Default_candidates_follow_the_columns_shape_and_scale()
    {
        var candidates = NoiseCandidates.Of([1, 28, 28], scale: 80);
        CollectionAssert.Contains(candidates.ToArray(), new GaussianNoise(24));
        Assert.AreEqual(8.1, ((GaussianNoise)NoiseCandidates.Of([10], scale: 80.9)[0]).StandardDeviation, "strengths have two digits");
        CollectionAssert.Contains(candidates.ToArray(), new OptimalMixingNoise(MixAxis.SpatialRows));
        CollectionAssert.Contains(candidates.ToArray(), new CircularShiftNoise(0.3, MixAxis.Batch));
        Assert.IsFalse(candidates.Any(noise => noise.Axis is MixAxis.Channels or MixAxis.Tokens), "one channel mixes with nothing");
        Assert.IsTrue(NoiseCandidates.Of([10], scale: 1).All(noise => noise.Axis is null or MixAxis.Batch));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NoiseCandidates.Of([10], scale: 0));
    }

    [TestMethod]
    public void Behind_a_network_what_is_measured_is_its_output()
    {
        var view = AdvicePlanted.Nuisance(s_ml, 480);
        // A network that averages the tokens itself: mixing them has nothing left to remove.
        var network = s_ml
            .Transforms.CustomMapping<Tokens, Mean>(
                (row, mean) =>
                    mean.Average = [
                        .. Enumerable
                            .Range(0, 3)
                            .Select(channel => Enumerable.Range(0, 5).Average(token => row.Features[3 * token + channel])),
                    ],
                null,
                inputSchemaDefinition: null,
                outputSchemaDefinition: null
            )
            .Fit(view);
        var options = Options(new OptimalMixingNoise(MixAxis.Tokens), new GaussianNoise(30)) with
        {
            Network = network,
            MeasuredColumnName = "Average",
        };
        var advice = s_ml.Entropy.Screen(view, "Features", "Class", options);

        Assert.AreEqual(0, advice.Ranking[0].Change, 0.02);
        Assert.AreEqual(NoiseEffect.Lowers, advice.Ranking[1].Effect);
        Assert.ThrowsExactly<ArgumentException>(() =>
            s_ml.Entropy.Screen(view, "Features", "Class", options with { MeasuredColumnName = null })
        );
    }

    [TestMethod]
    public void Too_few_rows_one_class_and_impossible_noises_are_refused()
    {
        var few = Assert.ThrowsExactly<InvalidOperationException>(() =>
            s_ml.Entropy.Screen(AdvicePlanted.Clean(s_ml, 12), "Features", "Class")
        );
        StringAssert.Contains(few.Message, "give more rows");
        var one = LabelledVectors.View(
            s_ml,
            [.. Enumerable.Range(0, 90).Select(i => new LabelledVectors { Features = [i], Class = "only" })],
            1
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => s_ml.Entropy.Screen(one, "Features", "Class")).Message,
            "one class"
        );
        var constant = LabelledVectors.View(
            s_ml,
            [.. Enumerable.Range(0, 90).Select(i => new LabelledVectors { Features = [5], Class = $"{i % 2}" })],
            1
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => s_ml.Entropy.Screen(constant, "Features", "Class")).Message,
            "constant"
        );

        var view = AdvicePlanted.Clean(s_ml, 240);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            s_ml.Entropy.Screen(view, "Features", "Class", Options(new CircularShiftNoise(0.3, MixAxis.SpatialRows)))
        );
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            s_ml.Entropy.Screen(view, "Features", "Class", Options(new CircularShiftNoise(0.5, MixAxis.Batch)))
        );
        Assert.ThrowsExactly<ArgumentException>(() =>
            s_ml.Entropy.Screen(view, "Features", "Class", Options() with { Bandwidth = Bandwidth.Adaptive() })
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Entropy.Screen(view, "Features", "Klass"));
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            s_ml.Entropy.Screen(view, "Features", "Class", cancellation: new(canceled: true))
        );
    }

    sealed class Tokens
    {
        [Microsoft.ML.Data.VectorType(5, 3)]
        public float[] Features { get; set; } = [];
    }

    sealed class Mean
    {
        [Microsoft.ML.Data.VectorType(3)]
        public float[] Average { get; set; } = [];
    }
}
