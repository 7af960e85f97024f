using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints a measurement as lines and tables.</summary>
static class MeasuredText
{
    public static void Print(Terminal terminal, EntropyReport report)
    {
        var output = terminal.Output;
        output.WriteLine(Figure("DSE", report.Dse, report.DseInterval, report.DseErrorBound));
        if (report.Dsmi is { } information)
            output.WriteLine(Figure("DSMI", information, report.DsmiInterval, report.DsmiErrorBound));
        output.WriteLine(
            $"{report.Rows} rows of {report.Dimension}; {MeasureOptions.Word(report.Mode)}, "
                + FormattableString.Invariant($"power {report.Power}{Count(report.Neighbors, "neighbors")}")
                + $"{Count(report.Bins, "bins")}{Count(report.Repetitions, "repetitions")}; {BandwidthOf(report)}; "
                + $"scaling {MeasureOptions.Word(report.Scaling)}; seed {report.Seed}; {MeasureOptions.Word(report.Precision)} precision"
        );
        if (report.Classes.Count > 0)
        {
            output.WriteLine();
            terminal.Table(
                ["class", "rows", "entropy", "random rows"],
                report.Classes.Select(one =>
                    (string[])
                        [
                            one.Name,
                            $"{one.Rows}",
                            FormattableString.Invariant($"{one.Entropy:0.000000;-0.000000;0.000000}"),
                            FormattableString.Invariant($"{one.Matched:0.000000;-0.000000;0.000000}"),
                        ]
                )
            );
        }
        foreach (var note in report.Notes)
            output.WriteLine($"note: {note}");
    }

    static string BandwidthOf(EntropyReport report) =>
        report.Sigma is { } sigma ? FormattableString.Invariant($"sigma {sigma:0.######} ({report.BandwidthRule})") : "no bandwidth";

    static string Count(int? value, string name) => value is { } count ? FormattableString.Invariant($", {name} {count}") : "";

    static string Figure(string name, double bits, SubsamplingInterval? interval, double? bound) =>
        FormattableString.Invariant($"{name} {bits:0.0000000000;-0.0000000000;0.0000000000} bits")
        + (bound is { } most ? FormattableString.Invariant($", approximate: within {most:0.0000} bits of the exact figure") : "")
        + (
            interval is { } range
                ? FormattableString.Invariant($"; 95 % interval {range.Low:0.0000} to {range.High:0.0000} for as many new rows of the ")
                    + FormattableString.Invariant($"same source ({range.Subsamples} subsamples of {range.SubsampleRows})")
                : ""
        );
}
