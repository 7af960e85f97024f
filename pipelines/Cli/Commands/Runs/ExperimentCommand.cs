using System.CommandLine;
using NoisyNN.Models.Distributed;
using NoisyNN.Pipelines.Cli.Clusters;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Pipelines.Experiments.Ranks;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary>A command that runs a declared experiment, once or for each of several trials.</summary>
abstract class ExperimentCommand : Command
{
    // Of so many trials every line is shown; of more, the end of each.
    const int MostShown = 10;

    readonly Terminal _terminal;
    readonly RunOptions _options = new(
        "training.epochs=3 or noise.latent.strength=0.2",
        ". With several trials, continue those that are not complete",
        "; several trials share the processors. A number applies to each trial"
    );
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<bool> _json = CommonOptions.Json();
    readonly Option<int?> _ranks = new("--ranks")
    {
        Description =
            "Train each network in N processes together, by MPI, each on its part of every batch (docs/ranks.md). Default: 1. The same as "
            + "--set training.ranks=N.",
        HelpName = "N",
    };
    readonly Option<bool> _prepare = new("--prepare")
    {
        Description =
            "Check the experiment, make its folder with trials.jsonl, and run nothing. 'noisynn trial' then runs each trial, also on "
            + "other machines, and 'noisynn summarize' sums them up.",
    };

    private protected ExperimentCommand(string name, string description, Terminal terminal, ClusterOptions? cluster = null)
        : base(name, description)
    {
        (_terminal, Cluster) = (terminal, cluster);
        _options.AddTo(this);
        Add(_ranks);
        Add(_gpu);
        Add(_json);
        Add(_prepare);
        cluster?.AddTo(this);
        SetAction(Run);
    }

    /// <summary>The options for a cluster; null for a command that always works here.</summary>
    private protected ClusterOptions? Cluster { get; }

    /// <summary>The experiment file.</summary>
    private protected abstract string FileOf(ParseResult parsed);

    int Run(ParseResult parsed)
    {
        string[] ranks = parsed.GetValue(_ranks) is { } ranksAsked ? [$"training.ranks={ranksAsked}"] : [];
        var cluster = Cluster?.Read(parsed);
        if (cluster is not null && parsed.GetValue(_prepare))
            throw new UsageException("--on prepares the run itself; leave out --prepare.");
        var experiment = ExperimentFile.Load(FileOf(parsed), [.. ranks, .. _options.Overrides(parsed)]);
        RankRules.Check(experiment);
        if (experiment.Experiment.Training.Ranks > 1)
            return RunRanks(parsed, experiment, cluster);
        if (cluster is not null)
        {
            Submit(parsed, experiment, cluster);
            return 0;
        }
        GpuChoice.RequireForTraining(parsed.GetValue(_gpu));
        var count = SweepPlan.Of(experiment.Experiment).Count;
        if (count > 0 || parsed.GetValue(_prepare))
            RunSeveral(parsed, experiment, Math.Max(count, 1));
        else if (RankLauncher.Size is > 1 and var processes)
            throw new UsageException(
                $"a launcher has started {processes} processes. Add --ranks {processes}, so that they train together."
            );
        else
            RunOne(parsed, experiment, group: null, _terminal.Cancellation);
        return 0;
    }

    /// <summary>Makes the folder of the run, and lets a cluster work in it. A task has one thread unless the user says otherwise.</summary>
    void Submit(ParseResult parsed, ExperimentFile experiment, ClusterRequest request)
    {
        if (request is { System: ClusterOptions.Slurm, IsDry: false })
            SlurmCommands.Require();
        var threads = Math.Max(1, experiment.Experiment.Training.ThreadCount);
        experiment = new Parallelism(1, threads).Apply(experiment);
        var (root, resume) = (_options.Root(parsed), _options.Resume(parsed));
        var path = request.IsDry ? RunFolder.Find(root, experiment.Experiment.Name, resume) : Prepare(parsed, experiment);
        var sweep = new SweepFolder(Path.GetFullPath(path), experiment);
        var folder = ShellText.Word(sweep.Path);
        var gpu = parsed.GetValue(_gpu) is { } device ? $" --gpu {device}" : "";
        new ClusterSubmission(_terminal, request).Submit(
            new TaskArray(
                experiment.Experiment.Name,
                sweep.Path,
                [.. sweep.Tasks.Where(task => !sweep.HasEnded(task)).Select(task => task.Index)],
                sweep.Tasks.Count,
                number => $"{TrialProcess.Command} {folder} \"{number}\"{gpu}",
                sweep.Trials.Count > 0 ? $"{SummarizeCommand.Word} {folder}" : null,
                threads,
                $"./noisynn status {folder}",
                _options.Resuming(parsed)
            )
        );
    }

    string Prepare(ParseResult parsed, ExperimentFile experiment)
    {
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        if (!folder.IsResumed)
            new SweepRun(
                experiment,
                folder,
                RunOptions.Repeat(parsed),
                processes: 1,
                new SweepDisplay(_terminal, showsEveryLine: false)
            ).Prepare(_terminal.Cancellation);
        return folder.Path;
    }

    int RunRanks(ParseResult parsed, ExperimentFile experiment, ClusterRequest? cluster)
    {
        var training = experiment.Experiment.Training;
        if (cluster is not null || parsed.GetValue(_prepare))
            throw new UsageException(
                $"--on and --prepare are for tasks of one process. Inside a job of your own, run: srun --mpi=pmix noisynn train FILE "
                    + $"--ranks {training.Ranks}"
            );
        if (parsed.GetValue(_gpu) is not null)
            throw new UsageException("several ranks train on CPUs. Leave out --gpu, or set training.ranks (--ranks) to 1.");
        return RankLauncher.HasStartedThisProcess
            ? RankCommand.Run(experiment, _terminal, (group, cancellation) => RunOne(parsed, experiment, group, cancellation))
            : new RankJob(training.Ranks, ComputingThreads.Of(training.ThreadCount, training.Ranks)).Run(
                [.. parsed.Tokens.Select(token => token.Value)],
                _terminal.Cancellation
            );
    }

    /// <summary>The run is complete without the page over all runs, so that its failure is only told.</summary>
    void WriteIndex(string root)
    {
        try
        {
            RunsIndex.Write(root);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _terminal.Note($"note: the page over all runs was not written. {OneLine.Of(refused)}");
        }
    }

    void RunOne(ParseResult parsed, ExperimentFile experiment, ProcessGroup? group, CancellationToken cancellation)
    {
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        var summary = TrackedRun.Run(
            experiment,
            folder,
            new ProgressDisplay(_terminal),
            observer => new ExperimentRunner(experiment, folder, RunOptions.Repeat(parsed), observer, parsed.GetValue(_gpu), group: group),
            cancellation
        );
        WriteIndex(_options.Root(parsed));
        if (parsed.GetValue(_json))
            _terminal.Output.WriteLine(summary.ToJson());
        else
            ExperimentText.Print(_terminal, summary, folder);
    }

    void RunSeveral(ParseResult parsed, ExperimentFile experiment, int count)
    {
        var device = parsed.GetValue(_gpu);
        var parallelism = Parallelism.Of(
            count,
            experiment.Experiment.Training.ThreadCount,
            Environment.ProcessorCount,
            sharesDevice: device is not null
        );
        experiment = parallelism.Apply(experiment);
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        var run = new SweepRun(
            experiment,
            folder,
            RunOptions.Repeat(parsed),
            parallelism.Processes,
            new SweepDisplay(_terminal, showsEveryLine: count <= MostShown),
            device
        );
        var isJson = parsed.GetValue(_json);
        if (parsed.GetValue(_prepare))
        {
            run.Prepare(_terminal.Cancellation);
            _terminal.Output.WriteLine(folder.Path);
            _terminal.Note(
                $"{count} trial{(count == 1 ? " is" : "s are")} ready. Run each with: ./noisynn trial {RunOptions.ForShell(folder.Path)} INDEX"
            );
            return;
        }
        SweepResult result;
        try
        {
            result = run.Run(_terminal.Cancellation);
        }
        catch when (!isJson && count <= MostShown && run.ReadComplete() is { Count: > 0 } complete)
        {
            // Show the complete trials before the failure is reported.
            ReplicatedText.Print(_terminal, complete);
            throw;
        }
        WriteIndex(_options.Root(parsed));
        SweepText.PrintResult(_terminal, result, folder, isJson);
    }
}
