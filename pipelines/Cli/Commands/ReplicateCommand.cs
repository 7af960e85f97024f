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
sealed class ReplicateCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _run = new("RUN") { Description = "The folder of a run of several seeds or folds." };
    readonly Argument<string> _name = new("NAME") { Description = "The folder of one of them, such as seed-2." };
    readonly Option<long?> _rowMemory = new(ReplicateProcess.RowMemoryOption)
    {
        Description = "Memory for rows, where the experiment does not say.",
        HelpName = "BYTES",
    };
    readonly Option<int?> _gpu = CommonOptions.Gpu();

    public ReplicateCommand(Terminal terminal)
        : base(ReplicateProcess.Command, "Runs one seed or fold of a run of several: 'train' starts it.")
    {
        _terminal = terminal;
        Hidden = true;
        Add(_run);
        Add(_name);
        Add(_rowMemory);
        Add(_gpu);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var (run, name) = (parsed.GetValue(_run)!, parsed.GetValue(_name));
        var declaration = Path.Combine(run, RunFolder.ExperimentFileName);
        var replicates = Replicate.Of(ExperimentFile.Load(declaration).Experiment);
        var replicate =
            replicates.FirstOrDefault(replicate => replicate.Name == name)
            ?? throw new UsageException(
                $"{declaration} declares no {name}; it has {string.Join(", ", replicates.Select(known => known.Name))}."
            );
        var experiment = ExperimentFile.Load(declaration, [replicate.Override]);
        using var folder = RunFolder.OpenReplicate(run, replicate.Name, experiment);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_terminal.Cancellation);
        StopAtEndOfInput(stop);
        var path = Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath);
        new ExperimentRunner(
            experiment,
            folder,
            $"./noisynn train {RunOptions.ForShell(path)}",
            new Progress(_terminal),
            parsed.GetValue(_gpu),
            parsed.GetValue(_rowMemory)
        ).Run(stop.Token);
        return 0;
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
