using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Replicates;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary>
/// <c>replicate</c>: runs one of several seeds or folds, in a process that <c>train</c> starts. It saves a checkpoint and stops when its
/// standard input ends.
/// </summary>
sealed class ReplicateCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _run = new("RUN") { Description = "The folder of a run with several seeds or folds." };
    readonly Argument<string> _name = new("NAME") { Description = "The folder of one seed or fold, such as seed-2." };
    readonly Option<long?> _rowMemory = new(ReplicateProcess.RowMemoryOption)
    {
        Description = "The memory for rows, unless the experiment sets it.",
        HelpName = "BYTES",
    };
    readonly Option<int?> _gpu = CommonOptions.Gpu();

    public ReplicateCommand(Terminal terminal)
        : base(ReplicateProcess.Command, "Runs one seed or fold of a run. 'train' starts this command.")
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
        StandardInput.CancelAtEnd(stop);
        var path = Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath);
        new ExperimentRunner(
            experiment,
            folder,
            $"./noisynn train {RunOptions.ForShell(path)}",
            new ReplicateProgress(_terminal),
            parsed.GetValue(_gpu),
            parsed.GetValue(_rowMemory)
        ).Run(stop.Token);
        return 0;
    }
}
