using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints the result of a run as tables.</summary>
static class ExperimentText
{
    public static void Print(Terminal terminal, Summary summary, RunFolder folder)
    {
        terminal.ClearStatus();
        var output = terminal.Output;
        output.WriteLine();
        if (summary.Runs.All(run => run.Bound is not null))
            PrintBounds(terminal, summary);
        else
            PrintAccuracies(terminal, summary);

        if (summary.Protocol.Count > 0)
            PrintSite(terminal, summary.ProtocolSite, summary.Protocol, summary.Verdict);
        if (summary.ProtocolBeforeHead is { } second)
            PrintSite(terminal, second.ProtocolSite, second.Protocol, second.Verdict);

        foreach (var measured in summary.Measured)
            output.WriteLine(
                FormattableString.Invariant(
                    $"entropies of {measured.Run} at {measured.Epochs.Count} epochs: {100 * measured.Share:0.#} % of its training"
                )
            );

        output.WriteLine();
        if (summary.Onnx is { } onnx)
            output.WriteLine(
                FormattableString.Invariant($"ONNX: test accuracy {onnx.TestAccuracy:0.0000}, {onnx.RowsPerSecond:0} ")
                    + FormattableString.Invariant($"rows/s, largest difference to the network {onnx.MaxAbsDifference:0.0e0}")
            );
        if (summary.Ranks is { } ranks)
            output.WriteLine(
                $"{ranks.Count} ranks ({ranks.Library}): "
                    + string.Join(
                        ", ",
                        summary.Runs.Select(run => FormattableString.Invariant($"{run.Name} {100 * run.ExchangeShare:0.0} %"))
                    )
                    + " of the steps' time between them"
            );
        output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    static void PrintSite(Terminal terminal, string? site, IReadOnlyList<ProtocolSummary> protocol, string? verdict)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"noise at inference, {site}:");
        terminal.Table(
            ["noise", "order", "batch", "accuracy"],
            protocol.Select(row => (string[])[row.Noise, row.Order, $"{row.Batch}", FigureText.Share(row.Accuracy)])
        );
        terminal.Output.WriteLine(verdict);
    }

    static void PrintAccuracies(Terminal terminal, Summary summary)
    {
        terminal.Output.WriteLine("with noise off, epoch chosen on validation rows:");
        terminal.Table(
            ["network", "validation", "test", "95 % interval", "images/s", "trained in"],
            summary.Runs.Select(run =>
                (string[])
                    [
                        run.Name,
                        FigureText.Share(run.ValidationAccuracy),
                        FigureText.Share(run.TestAccuracy),
                        run.BatchInvariant
                            ? $"{FigureText.Share(run.TestAccuracyLow)} to {FigureText.Share(run.TestAccuracyHigh)}"
                            : "transductive: depends on the batch",
                        FormattableString.Invariant($"{run.ImagesPerSecond:0}"),
                        Terminal.Duration(run.TrainSeconds),
                    ]
            )
        );
    }

    static void PrintBounds(Terminal terminal, Summary summary)
    {
        terminal.Output.WriteLine("bounds of ln p(x) in nats per image, higher is better; epoch chosen on validation rows:");
        terminal.Table(
            ["posterior", "training", "= likelihood", "- divergence", "validation", "test", "test, weighted", "trained in"],
            summary.Runs.Select(run =>
                (string[])
                    [
                        run.Name,
                        FigureText.Nats(run.Bound!.Training),
                        FigureText.Nats(run.Bound.LogLikelihood),
                        FigureText.Nats(run.Bound.Divergence),
                        FigureText.Nats(run.Bound.Validation),
                        FigureText.Nats(run.Bound.Test),
                        FigureText.Nats(run.Bound.TestWeighted),
                        Terminal.Duration(run.TrainSeconds),
                    ]
            )
        );
    }
}
