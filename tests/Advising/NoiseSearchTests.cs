using NoisyNN.Pipelines.Advising;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Advising;

/// <summary>The search over simulated trainings, in which the true gain of a noise is known.</summary>
[TestClass]
public sealed class NoiseSearchTests
{
    static readonly IReadOnlyList<NoiseDefinition> s_noises = [.. Enumerable.Range(1, 9).Select(i => new GaussianNoise(i))];

    /// <summary>Accuracies around 0.8; a seed shifts all of them, and a pair differs by 0.3 points by chance.</summary>
    static Func<Trial, TrialOutcome> Trainings(
        int run,
        Func<NoiseDefinition, double> gain,
        List<Trial>? trials = null,
        double seconds = 1
    ) =>
        trial =>
        {
            trials?.Add(trial);
            var random = new Random(1000 * run);
            for (var skip = 0; skip < trial.Seed * 20 + (trial.Noise is GaussianNoise noise ? (int)noise.StandardDeviation : 0); skip++)
                random.Next();
            var values = Statistics.Simulation.Normal(new Random(random.Next()), 3, 0, 0.002);
            var accuracy = 0.8 + trial.Seed * 0.001 + (trial.Noise is null ? 0 : gain(trial.Noise));
            return new(accuracy + values[0], accuracy + values[1], trial.Noise?.Axis is null ? null : accuracy + values[2], seconds);
        };

    [TestMethod]
    public void A_noise_that_gains_two_points_is_found_and_confirmed_on_new_seeds()
    {
        var found = Enumerable
            .Range(1, 50)
            .Count(run =>
                new NoiseSearch(s_noises, Trainings(run, noise => noise == s_noises[4] ? 0.02 : 0), 1000).Run().Advised?.Noise
                == s_noises[4]
            );

        Assert.IsGreaterThanOrEqualTo(45, found);
    }

    [TestMethod]
    public void Where_nothing_helps_the_answer_is_none_in_95_of_100()
    {
        var advised = Enumerable
            .Range(1, 200)
            .Count(run => new NoiseSearch(s_noises, Trainings(run, _ => 0), 1000).Run().Advised is not null);

        Assert.IsLessThanOrEqualTo(10, advised);
    }

    [TestMethod]
    public void Noise_that_costs_accuracy_is_never_advised_and_not_even_confirmed()
    {
        var trials = new List<Trial>();

        var result = new NoiseSearch(s_noises, Trainings(1, _ => -0.15, trials), 1000).Run();

        Assert.IsNull(result.Advised);
        Assert.IsEmpty(result.Judged);
        Assert.IsFalse(trials.Any(trial => NoiseSearch.FinalSeeds.Contains(trial.Seed)));
        Assert.HasCount(9, result.Tried);
    }

    [TestMethod]
    public void The_best_third_gets_more_seeds_and_every_trial_has_its_vanilla_twin()
    {
        var trials = new List<Trial>();

        var result = new NoiseSearch(s_noises, Trainings(1, noise => 0.01 * ((GaussianNoise)noise).StandardDeviation, trials), 1000).Run();

        // 9 noises of one seed, 3 of three, 2 of five more, and vanilla with each of the eight seeds.
        Assert.HasCount(9 + 3 * 2 + 2 * 5 + 8, trials);
        Assert.IsTrue(trials.All(trial => trials.Contains(new(null, trial.Seed))));
        Assert.AreEqual(s_noises[8], result.Advised!.Noise);
        Assert.AreEqual(EffectVerdict.Helps, result.Advised.Off.Verdict);
        Assert.AreEqual(5, result.Advised.Off.Count);
    }

    [TestMethod]
    public void Linear_noise_is_also_judged_on_at_both_and_both_count_as_one_family()
    {
        CircularShiftNoise shift = new(0.3, MixAxis.SpatialRows);

        var result = new NoiseSearch([shift], Trainings(1, _ => 0.02), 1000).Run();

        Assert.AreEqual(2, result.Judged.Single().Off.FamilySize);
        Assert.AreEqual(EffectVerdict.Helps, result.Judged.Single().OnAtBoth!.Verdict);
    }

    [TestMethod]
    public void The_budget_is_kept_and_what_had_no_time_is_named()
    {
        var trials = new List<Trial>();

        var result = new NoiseSearch(s_noises, Trainings(1, _ => 0.02, trials, seconds: 10), budgetSeconds: 100).Run();

        Assert.IsLessThanOrEqualTo(100.0, result.Seconds);
        // Three trainings of 10 s fit into the first 35 s: vanilla and two noises.
        Assert.HasCount(7, result.Untried);
        Assert.HasCount(2, result.Tried);
    }
}
