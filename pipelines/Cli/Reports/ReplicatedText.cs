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
                $"{network.Name}: test {FigureText.Spread(network.Test, network.Unit)}{(network.BatchInvariant ? "" : ", transductive: depends on the batch")}"
            );
        if (summary.Difference is { } difference)
            terminal.Output.WriteLine(
                $"{difference.Between}, paired: {FigureText.Spread(difference.Test, summary.Networks[0].Unit)}. {difference.Verdict}"
            );
        if (summary.DifferenceWithNoise is { } withNoise)
            terminal.Output.WriteLine(
                $"the noisy network with its linear noise on in the test, too, minus vanilla: "
                    + $"{FigureText.Spread(withNoise.Test, unit: null)}. {withNoise.Verdict}"
            );
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
        var isBound = replicates[0].Summary.Runs.All(run => run.Bound is not null);
        terminal.Output.WriteLine(
            $"{(isBound ? "bounds of ln p(x) in nats per image" : "with noise off")}, epoch chosen on validation rows:"
        );
        terminal.Table(
            ["run", .. networks.SelectMany(network => (string[])[$"{network} validation", $"{network} test"]), "trained in"],
            replicates.Select(replicate =>
                (string[])
                    [
                        replicate.Title,
                        .. networks.SelectMany(network =>
                            replicate.Run(network) is { } run
                                ? (string[])[FigureText.Validation(run), FigureText.Test(run)]
                                : ["none", "none"]
                        ),
                        Terminal.Duration(replicate.Summary.Runs.Sum(run => run.TrainSeconds)),
                    ]
            )
        );
    }
}
