using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>bounds</c>: two autoencoders and their evidence lower bounds side by side.</summary>
static class BoundsCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The comparison, a YAML file; configs/information-vae.yaml is one to start from.",
        };
        var options = new RunOptions("training.epochs=3");
        var (gpu, json) = (CommonOptions.Gpu(), CommonOptions.Json());
        var command = new Command(
            "bounds",
            """
            Trains two variational autoencoders on the same images in the same budget, one whose codes carry additive Gaussian noise and one whose codes carry the
            multiplicative noise of Information Dropout, and prints their evidence lower bounds side by side, in nats per image. Weights,
            metrics.jsonl, summary.json and report.html go into runs/NAME.

            Example:  noisynn bounds configs/information-vae.yaml --set training.epochs=1
            """
        )
        {
            file,
        };
        options.AddTo(command);
        command.Add(gpu);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var experiment = BoundsExperiment.Load(parsed.GetValue(file)!, options.Overrides(parsed));
            var device = parsed.GetValue(gpu);
            GpuChoice.RequireForTraining(device);
            using var folder = RunFolder.Open(options.Root(parsed), experiment.Name, experiment.Effective, options.Resume(parsed));
            var summary = new BoundsRunner(experiment, folder, RunOptions.Repeat(parsed), new ProgressDisplay(terminal), device).Run(
                terminal.Cancellation
            );
            if (parsed.GetValue(json))
                terminal.Output.WriteLine(summary.ToJson());
            else
                Print(terminal, summary, folder);
            return 0;
        });
        return command;
    }

    static void Print(Terminal terminal, BoundsSummary summary, RunFolder folder)
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
