using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary>
/// <c>trial</c>: begins one trial, continues it, or finds that it is complete. <c>train</c> starts this command for every trial, and so may
/// a scheduler.
/// </summary>
sealed class TrialCommand : Command
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    readonly Terminal _terminal;
    readonly Argument<string> _run = new("FOLDER") { Description = "The folder of a run that was prepared." };
    readonly Argument<int> _index = new("INDEX") { Description = "The number of the trial, from 0; trials.jsonl lists them." };
    readonly Option<bool> _attached = new(TrialProcess.AttachedOption)
    {
        Description = "Stop when standard input ends, and report to the process at its other end.",
        Hidden = true,
    };
    readonly Option<long?> _rowMemory = new(TrialProcess.RowMemoryOption)
    {
        Description = "The memory for rows, unless the experiment sets it.",
        HelpName = "BYTES",
        Hidden = true,
    };
    readonly Option<int?> _gpu = CommonOptions.Gpu();

    public TrialCommand(Terminal terminal)
        : base(
            TrialProcess.Command,
            """
            Runs one trial of a sweep: it begins the trial, continues it from its last checkpoint, or finds that it is complete and does
            nothing. 'noisynn train FILE --prepare' makes the folder. You may start this command twice at once, at any time, and on any
            machine that sees the folder: one process works on a trial, and the other one exits with 75. A process that dies is replaced
            by the next one, at once on the same machine, and after two minutes without a heartbeat on another one.

            Exit codes: 0 the trial is complete; 2 the folder or the number is wrong, do not try again; 75 try again: the trial was
            interrupted, or another process works on it; other codes: the trial failed, and the line on standard error says why.

            Example:  noisynn trial runs/my-sweep 7
                      noisynn train my-sweep.yaml --on slurm      starts it for every trial on a cluster
            """
        )
    {
        _terminal = terminal;
        Add(_run);
        Add(_index);
        Add(_attached);
        Add(_rowMemory);
        Add(_gpu);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var isAttached = parsed.GetValue(_attached);
        var sweep = Find(parsed.GetValue(_run)!, isAttached);
        var index = parsed.GetValue(_index);
        if (!sweep.HasTasks)
            throw new UsageException($"{sweep.Path} holds a single run that was not prepared for this command. Use 'noisynn train'.");
        if (index < 0 || index >= sweep.Tasks.Count)
            throw new UsageException($"{sweep.Path} has no trial {index}; its trials are 0 to {sweep.Tasks.Count - 1}.");
        var trial = sweep.Tasks[index];
        if (sweep.HasEnded(trial))
        {
            _terminal.Note($"{trial.Title} {(sweep.IsComplete(trial) ? "is complete" : "was stopped early")}");
            return 0;
        }
        try
        {
            ExclusiveWork.Run(
                sweep.AttemptsPath,
                SweepFolder.AttemptName(trial),
                trial.Title,
                _terminal,
                cancellation => Run(sweep, trial, isAttached, parsed, cancellation)
            );
            return 0;
        }
        catch (OperationCanceledException) when (!isAttached)
        {
            throw new TryAgainException($"{trial.Title} was interrupted. The same command continues it from its last checkpoint.");
        }
    }

    void Run(SweepFolder sweep, Trial trial, bool isAttached, ParseResult parsed, CancellationToken cancellation)
    {
        // Between the first look and the attempt another process may have completed it.
        if (sweep.HasEnded(trial) || !MayTrain(sweep, trial))
            return;
        var experiment = sweep.FileOf(trial);
        using var folder = sweep.OpenFolder(trial);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (isAttached)
            StandardInput.CancelAtEnd(stop);
        var path = Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath);
        IRunObserver display = isAttached ? new TrialProgress(_terminal) : new ProgressDisplay(_terminal);
        var gate = sweep.Stopping is { } stopping ? new RungObserver(display, stopping, trial, stop.Cancel) : null;
        try
        {
            TrackedRun.Run(
                experiment,
                folder,
                gate ?? display,
                observer => new ExperimentRunner(
                    experiment,
                    folder,
                    $"./noisynn train {RunOptions.ForShell(path)}",
                    observer,
                    parsed.GetValue(_gpu),
                    parsed.GetValue(_rowMemory)
                ),
                stop.Token
            );
        }
        catch (OperationCanceledException) when (gate?.IsClosed == true && !cancellation.IsCancellationRequested)
        {
            // Others may have reached the rung by now. Then the same command goes on.
            if (MayTrain(sweep, trial))
                throw new TryAgainException($"{trial.Title} may go on from its rung. The same command continues it.");
        }
    }

    /// <summary>Whether a trial may train on; if other settings are better, that is written down.</summary>
    /// <exception cref="TryAgainException">Other trials have to reach the rung first.</exception>
    bool MayTrain(SweepFolder sweep, Trial trial)
    {
        var gate = sweep.Stopping?.Decide(trial) ?? Gate.Open;
        if (gate.State is GateState.Waits)
            throw new TryAgainException($"{trial.Title} waits: {gate.Reason}.");
        if (gate.State is GateState.Stopped)
            _terminal.Note($"{trial.Title} is {gate.Reason}");
        return gate.State is GateState.Open;
    }

    /// <summary>A file that another machine has written appears late on a network file system.</summary>
    SweepFolder Find(string path, bool isAttached)
    {
        var declaration = Path.Combine(path, RunFolder.ExperimentFileName);
        for (var waited = TimeSpan.Zero; !File.Exists(declaration) && !isAttached && waited < s_patience; waited += s_pause)
        {
            if (waited == TimeSpan.Zero)
                _terminal.Note($"waiting a minute for {declaration}");
            if (_terminal.Cancellation.WaitHandle.WaitOne(s_pause))
                throw new TryAgainException($"interrupted before {declaration} appeared.");
        }
        return new SweepFolder(path);
    }
}
