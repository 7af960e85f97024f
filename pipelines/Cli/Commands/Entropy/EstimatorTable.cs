using System.Globalization;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Entropy.Planted;

namespace NoisyNN.Pipelines.Cli.Commands.Entropy;

/// <summary>The estimates beside each other, for people and, as JSON, for other programs. Estimates are in <see cref="Unit"/>.</summary>
sealed record EstimatorTable
{
    public string Unit { get; } = "bits";

    /// <summary>I(X;Y); null on rows of a file.</summary>
    public required double? Truth { get; init; }

    public required int Rows { get; init; }

    public required int Dimension { get; init; }

    /// <summary>The dimensions of a continuous reference; null for labels.</summary>
    public required int? ReferenceDimension { get; init; }

    public required int Classes { get; init; }

    public required int Repeats { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<EstimatorTrial> Estimators { get; init; }

    public void Print(Terminal terminal)
    {
        var other = ReferenceDimension is { } dimension
            ? $"a reference of {dimension} ({Classes} classes where needed)"
            : $"{Classes} classes";
        terminal.Output.WriteLine($"{Rows} rows of {Dimension} and {other}; {Repeats} repetitions from seed {Seed}");
        if (Truth is { } truth)
        {
            terminal.Output.WriteLine($"truth {Text(truth)} bits");
            terminal.Table(
                ["bits", "mean", "sd", "bias", "error", "seconds", "what it is"],
                Estimators.Select(one =>
                    (string[])
                        [one.Estimator, Text(one.Mean), Text(one.StandardDeviation), Text(one.Bias), Text(one.Error), Time(one), About(one)]
                )
            );
        }
        else
        {
            terminal.Table(
                ["bits", "estimate", "permuted", "sd", "seconds", "what it is"],
                Estimators.Select(one =>
                    (string[])[one.Estimator, Text(one.Mean), Text(one.NullMean), Text(one.NullDeviation), Time(one), About(one)]
                )
            );
            terminal.Output.WriteLine("permuted: the mean after the labels were permuted, where the truth is 0");
        }
        if (ReferenceDimension is not null)
            terminal.Output.WriteLine("note: dsmi, binned and probe need classes, which hold less information than the reference");
    }

    static string About(EstimatorTrial trial) => InformationEstimator.All.First(one => one.Name == trial.Estimator).Description;

    static string Time(EstimatorTrial trial) => trial.Seconds.ToString("0.00", CultureInfo.InvariantCulture);

    static string Text(double? bits) => bits?.ToString("0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "";
}
