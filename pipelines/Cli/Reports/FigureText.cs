using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>How figures of trainings are written in tables.</summary>
static class FigureText
{
    /// <summary>An accuracy.</summary>
    public static string Share(double? accuracy) => accuracy is { } share ? FormattableString.Invariant($"{share:0.0000}") : "none";

    /// <summary>A bound.</summary>
    public static string Nats(double? bound) => bound is { } nats ? FormattableString.Invariant($"{nats:F2}") : "none";

    /// <summary>What a training is judged by.</summary>
    public static string Test(RunSummary run) => run.Bound is null ? Share(run.TestAccuracy) + run.Mark : Nats(run.Bound.Test);

    /// <summary>What chose its epoch.</summary>
    public static string Validation(RunSummary run) => run.Bound is null ? Share(run.ValidationAccuracy) : Nats(run.Bound.Validation);

    /// <summary>A figure over replicates.</summary>
    /// <param name="figure">It.</param>
    /// <param name="unit">Null for accuracies.</param>
    public static string Spread(MeanAndDeviation figure, string? unit) =>
        unit is null
            ? FormattableString.Invariant($"{figure.Mean:0.0000} ± {figure.StandardDeviation:0.0000}")
            : FormattableString.Invariant($"{figure.Mean:F2} ± {figure.StandardDeviation:F2} {unit}");
}
