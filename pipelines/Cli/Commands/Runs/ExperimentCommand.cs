using System.CommandLine;
using NoisyNN.Pipelines.Cli.Clusters;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;

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
        var cluster = Cluster?.Read(parsed);
        if (cluster is not null && parsed.GetValue(_prepare))
            throw new UsageException("--on prepares the run itself; leave out --prepare.");
        var experiment = ExperimentFile.Load(FileOf(parsed), _options.Overrides(parsed));
        if (cluster is not null)
        {
            Submit(parsed, experiment, cluster);
            return 0;
        }
        GpuChoice.RequireForTraining(parsed.GetValue(_gpu));
        var count = SweepPlan.Of(experiment.Experiment).Count;
        if (count > 0 || parsed.GetValue(_prepare))
            RunSeveral(parsed, experiment, Math.Max(count, 1));
        else
            RunOne(parsed, experiment);
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

    void RunOne(ParseResult parsed, ExperimentFile experiment)
    {
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        var run = new ExperimentRunner(
            experiment,
            folder,
            RunOptions.Repeat(parsed),
            new ProgressDisplay(_terminal),
            parsed.GetValue(_gpu)
        );
        var summary = run.Run(_terminal.Cancellation);
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
        SweepText.PrintResult(_terminal, result, folder, isJson);
    }
}
