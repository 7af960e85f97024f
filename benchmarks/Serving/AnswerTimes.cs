namespace NoisyNN.Benchmarks.Serving;

/// <summary>The times of answers.</summary>
/// <param name="Milliseconds">From the start of a request to the end of its answer.</param>
/// <param name="Elapsed">The time in which all were sent.</param>
sealed record AnswerTimes(IReadOnlyCollection<double> Milliseconds, TimeSpan Elapsed)
{
    /// <summary>Answers a second.</summary>
    public double Rate => Milliseconds.Count / Elapsed.TotalSeconds;

    public double Quantile(double share)
    {
        var sorted = Milliseconds.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
