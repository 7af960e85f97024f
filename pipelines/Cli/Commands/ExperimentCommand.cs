using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Replicates;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary>A command that runs a declared experiment, once or for each of several seeds or folds.</summary>
abstract class ExperimentCommand : Command
{
    readonly Terminal _terminal;
    readonly RunOptions _options = new(
        "training.epochs=3 or noise.latent.strength=0.2",
        ". With several seeds or folds, continue those that are not complete",
        "; several seeds or folds share the processors. A number applies to each seed or fold"
    );
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<bool> _json = CommonOptions.Json();

    private protected ExperimentCommand(string name, string description, Terminal terminal)
        : base(name, description)
    {
        _terminal = terminal;
        _options.AddTo(this);
        Add(_gpu);
        Add(_json);
        SetAction(Run);
    }

    /// <summary>The experiment file.</summary>
    private protected abstract string FileOf(ParseResult parsed);

    int Run(ParseResult parsed)
    {
        var overrides = _options.Overrides(parsed);
        var experiment = ExperimentFile.Load(FileOf(parsed), overrides);
        GpuChoice.RequireForTraining(parsed.GetValue(_gpu));
        if (Replicate.Of(experiment.Experiment) is { Count: > 0 } replicates)
            RunSeveral(parsed, experiment, replicates.Count, overrides);
        else
            RunOne(parsed, experiment);
        return 0;
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

    void RunSeveral(ParseResult parsed, ExperimentFile experiment, int count, IReadOnlyList<string> overrides)
    {
        var device = parsed.GetValue(_gpu);
        // The declaration records the threads that each process really uses, because a resumed run must use the same number.
        var parallelism = Parallelism.Of(
            count,
            experiment.Experiment.Training.ThreadCount,
            Environment.ProcessorCount,
            sharesDevice: device is not null
        );
        experiment = ExperimentFile.Load(experiment.Path, [.. overrides, $"training.threads={parallelism.Threads}"]);
        using var folder = RunFolder.Open(_options.Root(parsed), experiment, _options.Resume(parsed));
        var display = new ReplicateDisplay(_terminal);
        var run = new ReplicatedRun(experiment, folder, RunOptions.Repeat(parsed), parallelism.Processes, display, device);
        var isJson = parsed.GetValue(_json);
        ReplicatedSummary summary;
        try
        {
            summary = run.Run(_terminal.Cancellation);
        }
        catch when (!isJson && run.ReadComplete() is { Count: > 0 } complete)
        {
            // Show the complete replicates before the failure is reported.
            ReplicatedText.Print(_terminal, complete);
            throw;
        }
        if (isJson)
            _terminal.Output.WriteLine(summary.ToJson());
        else
            ReplicatedText.Print(_terminal, summary, folder);
    }
}
