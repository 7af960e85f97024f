using System.Globalization;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Listing;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints runs beside each other.</summary>
static class RunText
{
    public static void PrintList(Terminal terminal, IReadOnlyList<RunRecord> runs) =>
        terminal.Table(
            ["run", "finished", "data", "n", "test", "verdict"],
            runs.Select(run =>
                (string[])
                    [
                        run.Name,
                        run.Finished is { } finished
                            ? FormattableString.Invariant($"{finished.UtcDateTime:yyyy-MM-dd HH:mm}")
                            : "not finished",
                        run.Data ?? "",
                        run.Trials == 0 ? "" : $"{run.Trials}",
                        string.Join(", ", run.Figures.Take(MostFigures).Select(figure => $"{figure.Name} {Written(figure)}"))
                            + (run.Figures.Count > MostFigures ? $", {run.Figures.Count - MostFigures} more" : ""),
                        run.Verdict ?? "",
                    ]
            )
        );

    public static void PrintComparison(
        Terminal terminal,
        IReadOnlyList<RunRecord> runs,
        IReadOnlyList<(string Key, IReadOnlyList<string> Values)> settings
    )
    {
        var output = terminal.Output;
        if (settings.Count == 0)
            output.WriteLine("The runs have the same settings.");
        else
            terminal.Table(
                ["setting", .. runs.Select(run => run.Name)],
                settings.Select(setting => (string[])[setting.Key, .. setting.Values.Select(value => value.Length > 0 ? value : "-")])
            );
        output.WriteLine();
        var names = runs.SelectMany(run => run.Figures.Select(figure => figure.Name)).Distinct().ToList();
        terminal.Table(
            ["test", .. runs.Select(run => run.Name)],
            names.Select(name =>
                (string[])
                    [
                        name,
                        .. runs.Select(run =>
                            run.Figures.FirstOrDefault(figure => figure.Name == name) is { } found ? Written(found) : "-"
                        ),
                    ]
            )
        );
        if (runs.Any(run => run.Finished is null))
            output.WriteLine("A run without figures has not finished.");
        if (runs.Select(run => run.DataSha256).OfType<string>().Distinct().Count() > 1)
            output.WriteLine("The runs have different data: their figures do not compare.");
    }

    // More figures fit no line.
    const int MostFigures = 4;

    static string Written(RunFigure figure)
    {
        var digits = figure.Unit is null ? "0.0000" : "0.00";
        var mean = figure.Mean.ToString(digits, CultureInfo.InvariantCulture);
        return figure.Deviation is { } deviation ? $"{mean} ± {deviation.ToString(digits, CultureInfo.InvariantCulture)}" : mean;
    }
}
