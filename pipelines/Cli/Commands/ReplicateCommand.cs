using System.CommandLine;
using System.Diagnostics;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Replicates;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary>
/// <c>replicate</c>: what <c>train</c> starts as a process of its own for each of several seeds or folds. It stops, and keeps what it has,
/// when its standard input ends.
/// </summary>
static class ReplicateCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run of several seeds or folds." };
        var name = new Argument<string>("NAME") { Description = "The folder of one of them, such as seed-2." };
        var rowMemory = new Option<long?>(ReplicateProcess.RowMemoryOption)
        {
            Description = "Memory for rows, where the experiment does not say.",
            HelpName = "BYTES",
        };
        var gpu = CommonOptions.Gpu();
        var command = new Command(ReplicateProcess.Command, "Runs one seed or fold of a run of several: 'train' starts it.")
        {
            run,
            name,
            rowMemory,
            gpu,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var declaration = Path.Combine(parsed.GetValue(run)!, RunFolder.ExperimentFileName);
            var replicates = Replicate.Of(ExperimentFile.Load(declaration).Experiment);
            var replicate =
                replicates.FirstOrDefault(replicate => replicate.Name == parsed.GetValue(name))
                ?? throw new UsageException(
                    $"{declaration} declares no {parsed.GetValue(name)}; it has {string.Join(", ", replicates.Select(known => known.Name))}."
                );
            var experiment = ExperimentFile.Load(declaration, [replicate.Override]);
            using var folder = RunFolder.OpenReplicate(parsed.GetValue(run)!, replicate.Name, experiment);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
            StopAtEndOfInput(stop);
            var itself =
                $"./noisynn train {RunOptions.ForShell(Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath))}";
            new ExperimentRunner(experiment, folder, itself, new Progress(terminal), parsed.GetValue(gpu), parsed.GetValue(rowMemory)).Run(
                stop.Token
            );
            return 0;
        });
        return command;
    }

    /// <summary>Reads on a thread of its own, which does not keep the process alive.</summary>
    static void StopAtEndOfInput(CancellationTokenSource stop) =>
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null) { }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It had ended by itself.
            }
        })
        {
            IsBackground = true,
        }.Start();

    /// <summary>Lines that stay go to standard error, how far it is to standard output: a line a second for whoever shows it.</summary>
    sealed class Progress(Terminal terminal) : IRunObserver
    {
        static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

        readonly ProgressDisplay _notes = new(terminal);
        readonly Stopwatch _sinceStatus = new();

        public void Note(string line) => _notes.Note(line);

        public void Training(string run, TrainingMetrics metrics)
        {
            if (metrics.EpochCompleted)
                _notes.Training(run, metrics);
            if (_sinceStatus.IsRunning && _sinceStatus.Elapsed < s_interval)
                return;
            _sinceStatus.Restart();
            terminal.Output.WriteLine(
                FormattableString.Invariant(
                    $"{run} epoch {metrics.Epoch}/{metrics.EpochCount}, {100.0 * metrics.Step / metrics.StepCount:0} %, {Terminal.Duration(metrics.RemainingSeconds)} left"
                )
            );
            terminal.Output.Flush();
        }
    }
}
