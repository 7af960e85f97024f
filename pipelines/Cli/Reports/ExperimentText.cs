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
        output.WriteLine("with noise off, epoch chosen on validation rows:");
        terminal.Table(
            ["network", "validation", "test", "95 % interval", "images/s", "trained in"],
            summary.Runs.Select(run =>
                (string[])
                    [
                        run.Name,
                        Share(run.ValidationAccuracy),
                        Share(run.TestAccuracy),
                        run.BatchInvariant
                            ? $"{Share(run.TestAccuracyLow)} to {Share(run.TestAccuracyHigh)}"
                            : "transductive: depends on the batch",
                        FormattableString.Invariant($"{run.ImagesPerSecond:0}"),
                        Terminal.Duration(run.TrainSeconds),
                    ]
            )
        );

        if (summary.Protocol.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"noise at inference, {summary.ProtocolSite}:");
            terminal.Table(
                ["noise", "order", "batch", "accuracy"],
                summary.Protocol.Select(row => (string[])[row.Noise, row.Order, $"{row.Batch}", Share(row.Accuracy)])
            );
            output.WriteLine(summary.Verdict);
        }

        output.WriteLine();
        output.WriteLine(
            FormattableString.Invariant($"ONNX: test accuracy {summary.Onnx.TestAccuracy:0.0000}, {summary.Onnx.RowsPerSecond:0} ")
                + FormattableString.Invariant($"rows/s, largest difference to the network {summary.Onnx.MaxAbsDifference:0.0e0}")
        );
        output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    static string Share(double? accuracy) => accuracy is { } share ? FormattableString.Invariant($"{share:0.0000}") : "none";
}
