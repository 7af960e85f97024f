using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>Prints the result of several seeds or folds as tables.</summary>
static class ReplicatedText
{
    public static void Print(Terminal terminal, ReplicatedSummary summary, RunFolder folder)
    {
        Print(terminal, summary.Replicates);
        terminal.Output.WriteLine();
        foreach (var network in summary.Networks)
            terminal.Output.WriteLine(
                $"{network.Name}: test {Spread(network.Test)}{(network.BatchInvariant ? "" : ", transductive: depends on the batch")}"
            );
        if (summary.Difference is { } difference)
            terminal.Output.WriteLine($"noisy minus vanilla, paired: {Spread(difference.Test)}. {difference.Verdict}");
        terminal.Output.WriteLine(
            $"(mean ± standard deviation over {summary.Replicates.Count} "
                + $"{summary.Over}{(summary.Over == ReplicatedSummary.Folds ? "; test means the fold that judged" : "")})"
        );
        terminal.Output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    /// <summary>The figures of each replicate.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<ReplicateSummary> replicates)
    {
        string[] networks = [.. replicates[0].Summary.Runs.Select(run => run.Name)];
        terminal.ClearStatus();
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("with noise off, epoch chosen on validation rows:");
        terminal.Table(
            ["run", .. networks.SelectMany(network => (string[])[$"{network} validation", $"{network} test"]), "trained in"],
            replicates.Select(replicate =>
                (string[])
                    [
                        replicate.Title,
                        .. networks.SelectMany(network =>
                            (string[])
                                [
                                    Share(replicate.Run(network)?.ValidationAccuracy),
                                    Share(replicate.Run(network)?.TestAccuracy) + replicate.Run(network)?.Mark,
                                ]
                        ),
                        Terminal.Duration(replicate.Summary.Runs.Sum(run => run.TrainSeconds)),
                    ]
            )
        );
    }

    static string Share(double? accuracy) => accuracy is { } share ? FormattableString.Invariant($"{share:0.0000}") : "none";

    static string Spread(MeanAndDeviation figure) =>
        FormattableString.Invariant($"{figure.Mean:0.0000} ± {figure.StandardDeviation:0.0000}");
}
