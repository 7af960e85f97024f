using System.Globalization;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints a sweep as tables.</summary>
static class SweepText
{
    /// <summary>What the trials of a run found.</summary>
    public static void PrintResult(Terminal terminal, SweepResult result, RunFolder folder, bool isJson)
    {
        if (isJson)
            terminal.Output.WriteLine(result.ToJson());
        else if (result.Sweep is { } sweep)
            Print(terminal, sweep, folder);
        else
            ReplicatedText.Print(terminal, result.Replicates!, folder);
    }

    static void Print(Terminal terminal, SweepSummary summary, RunFolder folder)
    {
        terminal.ClearStatus();
        var unit = summary.Unit is { } nats ? $"bounds of ln p(x) in {nats} per image" : "accuracy with noise off";
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"{unit}, epoch chosen on validation rows; mean ± standard deviation:");
        terminal.Table(
            ["settings", "trials", "validation", "test", ""],
            summary.Points.Select(point =>
                (string[])
                    [
                        point.Title,
                        $"{point.Count}",
                        Figure(point.Validation, summary.Unit),
                        Figure(point.Test, summary.Unit)
                            + (point.Deviation is { } deviation ? $" ± {Figure(deviation, summary.Unit)}" : ""),
                        point.Name == summary.Best ? "best by validation" : "",
                    ]
            )
        );
        if (summary.Stopped > 0)
            terminal.Output.WriteLine($"{summary.Stopped} trials were stopped early, by validation rows; 'noisynn status' says where");
        if (summary.Comparisons.Count > 0)
            PrintComparisons(terminal, summary);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    static void PrintComparisons(Terminal terminal, SweepSummary summary)
    {
        var (unit, scale) = summary.Unit is { } nats ? (nats, 1) : ("points", 100);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"test minus that of the first arm, in {unit}, paired; 95 % interval corrected for all comparisons:");
        terminal.Table(
            ["settings", "difference", "from", "to", "detectable", "verdict"],
            summary.Comparisons.Select(comparison =>
                (string[])
                    [
                        comparison.Point,
                        Signed(comparison.Effect.Mean),
                        Signed(comparison.Effect.Interval?.Low),
                        Signed(comparison.Effect.Interval?.High),
                        comparison.Effect.SmallestDetectable is { } difference
                            ? (scale * difference).ToString("0.00", CultureInfo.InvariantCulture)
                            : "",
                        EffectText.Word(comparison.Effect.Verdict),
                    ]
            )
        );

        string Signed(double? value) => (scale * value)?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>How far the trials are.</summary>
    public static void PrintStatus(Terminal terminal, IReadOnlyList<TrialRow> rows)
    {
        terminal.Table(
            ["trial", "name", "state", "attempts", "validation", "test", ""],
            rows.Select(row =>
                (string[])
                    [
                        $"{row.Index}",
                        row.Name.Length > 0 ? row.Name : ".",
                        Word(row.State),
                        $"{row.Attempts}",
                        row.Validation is { } validation ? Figure(validation, row.Unit) : "",
                        row.Test is { } test ? Figure(test, row.Unit) : "",
                        row.Cause ?? "",
                    ]
            )
        );
        terminal.Output.WriteLine(
            $"{rows.Count} trials: "
                + string.Join(
                    ", ",
                    rows.GroupBy(row => row.State).OrderBy(state => state.Key).Select(state => $"{state.Count()} {Word(state.Key)}")
                )
        );
    }

    /// <summary>The settings that do best, and how to train with them.</summary>
    public static void PrintBest(Terminal terminal, SweepFolder folder, PointSummary best, int points)
    {
        var output = terminal.Output;
        var declaration = Path.Combine(folder.Path, RunFolder.ExperimentFileName);
        output.WriteLine($"{best.Title}: best of {points} settings on the validation rows, mean over {best.Count} trials");
        output.WriteLine(FormattableString.Invariant($"validation {best.Validation:0.####}, test {best.Test:0.####}"));
        output.WriteLine(
            $"./noisynn train {RunOptions.ForShell(declaration)} --set sweep= "
                + string.Join(' ', best.Settings.Select(setting => $"--set {RunOptions.ForShell($"{setting.Key}={setting.Value}")}"))
        );
    }

    static string Word(TrialState state) => state.ToString().ToLowerInvariant();

    static string Figure(double figure, string? unit) => figure.ToString(unit is null ? "0.0000" : "F2", CultureInfo.InvariantCulture);
}
