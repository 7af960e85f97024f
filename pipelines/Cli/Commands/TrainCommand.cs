using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Replicates;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>train</c> runs a declared experiment; <c>demo</c> runs the one that comes with the program.</summary>
static class TrainCommand
{
    public static Command Demo(Terminal terminal) =>
        Create(
            terminal,
            file: null,
            new Command(
                "demo",
                """
                Does the whole job on real images in a few minutes: trains a vanilla and a noisy vision transformer on Fashion-MNIST in the same budget,
                judges both with noise off, shows how noise across the batch cheats on a class-sorted test, exports the network as ONNX, scores the
                test images with it, and writes a report. The experiment is declared in configs/demo.yaml.
                """
            )
        );

    public static Command Train(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The experiment, a YAML file; configs/demo.yaml is one to start from." };
        return Create(
            terminal,
            file,
            new Command(
                "train",
                """
                Runs a declared experiment: trains, judges with noise off, exports ONNX, writes summary.json and report.html into runs/NAME.
                The file is read strictly: an unknown key or a wrong value is an error that names the line.
                A list of seeds, 'seed: [1, 2, 3]', or 'folds: 5' under 'data', is one run for each, side by side on the cores, with mean and standard deviation over them.

                Example:  noisynn train configs/demo.yaml --set training.epochs=1 --set name=quick
                          noisynn train configs/demo.yaml --set 'seed=[1, 2, 3]'
                """
            )
            {
                file,
            }
        );
    }

    static Command Create(Terminal terminal, Argument<string>? file, Command command)
    {
        var options = new RunOptions(
            "training.epochs=3 or pipeline.0.strength=0.2",
            "; of several seeds or folds, those that are not complete",
            ", which several seeds or folds share; given, each has so many"
        );
        var (gpu, json) = (CommonOptions.Gpu(), CommonOptions.Json());
        options.AddTo(command);
        command.Add(gpu);
        command.Add(json);

        command.SetAction(parsed =>
        {
            var overrides = options.Overrides(parsed);
            var path = file is null ? DemoFile() : parsed.GetValue(file)!;
            var experiment = ExperimentFile.Load(path, overrides);
            var device = parsed.GetValue(gpu);
            GpuChoice.RequireForTraining(device);
            if (Replicate.Of(experiment.Experiment) is { Count: > 0 } replicates)
            {
                // What is written down, and must be the same on resumption, is how many threads really compute.
                var parallelism = Parallelism.Of(
                    replicates.Count,
                    experiment.Experiment.Training.Threads,
                    Environment.ProcessorCount,
                    sharesDevice: device is not null
                );
                experiment = ExperimentFile.Load(path, [.. overrides, $"training.threads={parallelism.Threads}"]);
                using var several = RunFolder.Open(options.Root(parsed), experiment, options.Resume(parsed));
                ReplicatedTraining.Run(
                    terminal,
                    experiment,
                    several,
                    RunOptions.Repeat(parsed),
                    parallelism.Processes,
                    device,
                    parsed.GetValue(json)
                );
                return 0;
            }

            using var folder = RunFolder.Open(options.Root(parsed), experiment, options.Resume(parsed));
            var summary = new ExperimentRunner(experiment, folder, RunOptions.Repeat(parsed), new ProgressDisplay(terminal), device).Run(
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

    static string DemoFile() => Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml");

    static void Print(Terminal terminal, Summary summary, RunFolder folder)
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
            FormattableString.Invariant(
                $"ONNX: test accuracy {summary.Onnx.TestAccuracy:0.0000}, {summary.Onnx.RowsPerSecond:0} rows/s, largest difference to the network {summary.Onnx.MaxAbsDifference:0.0e0}"
            )
        );
        output.WriteLine($"{Terminal.Duration(summary.TotalSeconds)} in all; report: {folder.ReportPath}");
    }

    static string Share(double? accuracy) => accuracy is { } share ? FormattableString.Invariant($"{share:0.0000}") : "none";
}
