using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints the result of a comparison of autoencoders as a table.</summary>
static class BoundsText
{
    public static void Print(Terminal terminal, BoundsSummary summary, RunFolder folder)
    {
        terminal.ClearStatus();
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("bounds of ln p(x) in nats per image, higher is better:");
        terminal.Table(
            ["posterior", "training", "= likelihood", "- divergence", "validation", "test", "test, weighted", "trained in"],
            summary.Bounds.Select(row =>
                (string[])
                    [
                        row.Posterior,
                        Nats(row.TrainingBound),
                        Nats(row.LogLikelihood),
                        Nats(row.Divergence),
                        Nats(row.ValidationBound),
                        Nats(row.TestBound),
                        Nats(row.TestImportanceBound),
                        Terminal.Duration(row.TrainSeconds),
                    ]
            )
        );
        terminal.Output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    static string Nats(double? value) => value is { } nats ? FormattableString.Invariant($"{nats:F2}") : "none";
}
