using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

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
    readonly Argument<string> _run = new("FOLDER") { Description = "The folder of a run with several trials." };
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
                      sbatch --array=0-39 --requeue --wrap 'noisynn trial runs/my-sweep $SLURM_ARRAY_TASK_ID'
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
        if (index < 0 || index >= sweep.Trials.Count)
            throw new UsageException(
                sweep.Trials.Count == 0
                    ? $"{sweep.Path} holds a single run and no trials. Run it with 'noisynn train'."
                    : $"{sweep.Path} has no trial {index}; its trials are 0 to {sweep.Trials.Count - 1}."
            );
        var trial = sweep.Trials[index];
        if (sweep.IsComplete(trial))
        {
            _terminal.Note($"{trial.Title} is complete");
            return 0;
        }
        using var attempt =
            Attempt.TryBegin(sweep.AttemptsPath, SweepFolder.AttemptName(trial), AttemptTiming.Default, _terminal.Note)
            ?? throw new TryAgainException(
                $"{Attempt.Find(sweep.AttemptsPath, SweepFolder.AttemptName(trial)).Last?.Process.ToString() ?? "another process"} is "
                    + $"working on {trial.Title}."
            );
        try
        {
            Run(sweep, trial, attempt, isAttached, parsed);
            attempt.End(AttemptState.Complete);
            return 0;
        }
        catch (OperationCanceledException) when (attempt.Lost.IsCancellationRequested)
        {
            throw new TryAgainException($"another process has taken over {trial.Title}, because this one gave no sign of life.");
        }
        catch (OperationCanceledException) when (!isAttached)
        {
            throw new TryAgainException($"{trial.Title} was interrupted. The same command continues it from its last checkpoint.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            attempt.End(AttemptState.Failed, Failure.Explain(failure).Line);
            throw;
        }
    }

    void Run(SweepFolder sweep, Trial trial, Attempt attempt, bool isAttached, ParseResult parsed)
    {
        // Between the first look and the attempt another process may have completed it.
        if (sweep.IsComplete(trial))
            return;
        var experiment = sweep.FileOf(trial);
        using var folder = RunFolder.OpenTrial(sweep.PathOf(trial), experiment);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_terminal.Cancellation, attempt.Lost);
        if (isAttached)
            StandardInput.CancelAtEnd(stop);
        var path = Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath);
        TrackedRun.Run(
            experiment,
            folder,
            isAttached ? new TrialProgress(_terminal) : new ProgressDisplay(_terminal),
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
