using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

/// <summary>Repeats an experiment with known truth. The generator is .NET's own, with a seed for each repetition.</summary>
static class Simulation
{
    /// <summary>The share of repetitions in which something happens.</summary>
    public static double Share(int repetitions, Func<Random, bool> happens) =>
        (double)Enumerable.Range(1, repetitions).Count(seed => happens(new Random(seed))) / repetitions;

    /// <summary>The share of intervals that cover the truth, of those that there are.</summary>
    public static double Coverage(IEnumerable<MeanEstimate?> estimates, double truth)
    {
        var intervals = estimates.OfType<MeanEstimate>().Select(estimate => estimate.Interval()).ToList();
        return (double)intervals.Count(interval => interval.Contains(truth)) / intervals.Count;
    }

    public static double[] Normal(Random random, int count, double mean, double deviation)
    {
        var values = new double[count];
        MathNet.Numerics.Distributions.Normal.Samples(random, values, mean, deviation);
        return values;
    }
}
