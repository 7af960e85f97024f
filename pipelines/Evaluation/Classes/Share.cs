using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>A share of rows, 0 to 1, with its 95 % interval.</summary>
/// <param name="Value">The share.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Share(double Value, double Low, double High)
{
    /// <summary>With Wilson's interval; null where there is no row.</summary>
    internal static Share? Of(long part, long total)
    {
        if (total == 0)
            return null;
        var interval = Interval.OfShare((int)part, (int)total);
        return new Share((double)part / total, interval.Low, interval.High);
    }

    /// <summary>
    /// F1 = 2J / (1 + J), where J is the share of rows that are of the class and found to be, among those that are either. F1 grows with J,
    /// so Wilson's interval of J gives its own.
    /// </summary>
    internal static Share? OfF1(long both, long either) =>
        Of(both, either) is { } share ? new Share(F1(share.Value), F1(share.Low), F1(share.High)) : null;

    static double F1(double jaccard) => 2 * jaccard / (1 + jaccard);
}
