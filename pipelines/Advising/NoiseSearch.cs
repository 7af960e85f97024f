using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Advising;

/// <summary>
/// Looks for a noise that helps, by successive halving (K. Jamieson and A. Talwalkar, AISTATS 2016) over paired trainings. Every noise gets one
/// seed; the best third gets two more; the best two are judged on five new seeds and on validation rows that have chosen nothing.
/// </summary>
/// <param name="candidates">The noises.</param>
/// <param name="train">Runs a trial, or knows its outcome from an earlier run.</param>
/// <param name="budgetSeconds">The computing time of all trials.</param>
sealed class NoiseSearch(IReadOnlyList<NoiseDefinition> candidates, Func<Trial, TrialOutcome> train, double budgetSeconds)
{
    /// <summary>The seeds of the final comparison. They have chosen nothing.</summary>
    public static IReadOnlyList<int> FinalSeeds { get; } = [11, 12, 13, 14, 15];

    const int FinalistCount = 2;

    // Shares of the budget after which a round begins no new training, so that there is time to confirm.
    const double FirstRound = 0.35,
        SecondRound = 0.55;

    static readonly int[] s_secondSeeds = [2, 3];

    readonly Dictionary<Trial, TrialOutcome> _outcomes = [];
    double _spent;
    double _longest;

    /// <summary>Searches until there is an answer, or no time is left for another training.</summary>
    public SearchResult Run()
    {
        Round(candidates, [1], FirstRound);
        var tried = candidates.Where(noise => Gains(noise).Count > 0).ToList();
        Round(Best(tried, (tried.Count + 2) / 3), s_secondSeeds, SecondRound);
        // A noise that has not even been ahead on the rows that choose need not be confirmed.
        var finalists = Best(tried, FinalistCount).Where(noise => Gains(noise).Average() > 0).ToList();
        Round(finalists, FinalSeeds, share: 1);
        return new(
            [.. Judge(finalists)],
            [.. tried.Select(noise => new TriedNoise(noise, Gains(noise).Average(), Gains(noise).Count))],
            [.. candidates.Except(tried)],
            _outcomes.Count,
            _spent
        );
    }

    void Round(IReadOnlyList<NoiseDefinition> noises, IReadOnlyList<int> seeds, double share)
    {
        foreach (var seed in seeds)
        foreach (var noise in noises)
        {
            if (!Train(new(null, seed), share) || !Train(new(noise, seed), share))
                return;
        }
    }

    bool Train(Trial trial, double share)
    {
        if (_outcomes.ContainsKey(trial))
            return true;
        if (_spent + _longest > share * budgetSeconds)
            return false;
        var outcome = _outcomes[trial] = train(trial);
        _spent += outcome.Seconds;
        _longest = Math.Max(_longest, outcome.Seconds);
        return true;
    }

    List<NoiseDefinition> Best(IEnumerable<NoiseDefinition> noises, int count) =>
        // More seeds count for more: a noise of the second round goes before one that was left behind.
        [.. noises.OrderByDescending(noise => Gains(noise).Count).ThenByDescending(noise => Gains(noise).Average()).Take(count)];

    /// <summary>Differences to the vanilla network of the same seed, on the rows that choose.</summary>
    List<double> Gains(NoiseDefinition noise) =>
        Pairs(noise, seed => !FinalSeeds.Contains(seed)).Select(pair => pair.Noisy.Choosing - pair.Vanilla.Choosing).ToList();

    IEnumerable<(TrialOutcome Noisy, TrialOutcome Vanilla)> Pairs(NoiseDefinition noise, Func<int, bool> isWanted) =>
        from trial in _outcomes
        where trial.Key.Noise == noise && isWanted(trial.Key.Seed) && _outcomes.ContainsKey(new(null, trial.Key.Seed))
        select (trial.Value, _outcomes[new(null, trial.Key.Seed)]);

    IEnumerable<JudgedNoise> Judge(List<NoiseDefinition> finalists)
    {
        var judged = finalists.Select(noise => (Noise: noise, Pairs: Pairs(noise, FinalSeeds.Contains).ToList()));
        var complete = judged.Where(finalist => finalist.Pairs.Count > 0).ToList();
        // All that is asked of the confirming rows is one family: each noise off and, if it is a linear map, on at both.
        List<double[]> family = [];
        foreach (var (_, pairs) in complete)
        {
            family.Add([.. pairs.Select(pair => pair.Noisy.Confirming - pair.Vanilla.Confirming)]);
            if (pairs.All(pair => pair.Noisy.ConfirmingWithNoise is not null))
                family.Add([.. pairs.Select(pair => pair.Noisy.ConfirmingWithNoise!.Value - pair.Vanilla.Confirming)]);
        }
        var effects = new Queue<Effect>(family.Count == 0 ? [] : Effect.JudgeFamily(family));
        foreach (var (noise, pairs) in complete)
            yield return new(
                noise,
                effects.Dequeue(),
                pairs.All(pair => pair.Noisy.ConfirmingWithNoise is not null) ? effects.Dequeue() : null
            );
    }
}
