using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Listing;
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
    readonly Option<bool> _prepare = new("--prepare")
    {
        Description =
            "Check a sweep, make its folder with trials.jsonl, and run nothing. 'noisynn trial' then runs each trial, also on other "
            + "machines, and --resume makes the summary.",
    };

    private protected ExperimentCommand(string name, string description, Terminal terminal)
        : base(name, description)
    {
        _terminal = terminal;
        _options.AddTo(this);
        Add(_gpu);
        Add(_json);
        Add(_prepare);
        SetAction(Run);
    }

    /// <summary>The experiment file.</summary>
    private protected abstract string FileOf(ParseResult parsed);

    int Run(ParseResult parsed)
    {
        var experiment = ExperimentFile.Load(FileOf(parsed), _options.Overrides(parsed));
        GpuChoice.RequireForTraining(parsed.GetValue(_gpu));
        if (SweepPlan.Of(experiment.Experiment) is { Count: > 0 } trials)
            RunSeveral(parsed, experiment, trials.Count);
        else if (parsed.GetValue(_prepare))
            throw new UsageException($"{experiment.Path} declares a single run; --prepare is for a sweep, several seeds or folds.");
        else
            RunOne(parsed, experiment);
        if (!parsed.GetValue(_prepare))
            WriteIndex(_options.Root(parsed));
        return 0;
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

    void RunOne(ParseResult parsed, ExperimentFile experiment)
    {
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        var summary = TrackedRun.Run(
            experiment,
            folder,
            new ProgressDisplay(_terminal),
            observer => new ExperimentRunner(experiment, folder, RunOptions.Repeat(parsed), observer, parsed.GetValue(_gpu)),
            _terminal.Cancellation
        );
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
            _terminal.Note($"{count} trials are ready. Run each with: ./noisynn trial {RunOptions.ForShell(folder.Path)} INDEX");
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
        if (isJson)
            _terminal.Output.WriteLine(result.ToJson());
        else if (result.Sweep is { } sweep)
            SweepText.Print(_terminal, sweep, folder);
        else
            ReplicatedText.Print(_terminal, result.Replicates!, folder);
    }
}
