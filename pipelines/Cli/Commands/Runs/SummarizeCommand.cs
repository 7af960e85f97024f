using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>summarize</c>: sums up trials that other processes have run.</summary>
sealed class SummarizeCommand : Command
{
    /// <summary>The word of the command line.</summary>
    public const string Word = "summarize";

    readonly Terminal _terminal;
    readonly Argument<string> _run = new("FOLDER") { Description = "The folder of a run with several trials." };
    readonly Option<bool> _json = CommonOptions.Json();

    public SummarizeCommand(Terminal terminal)
        : base(
            Word,
            """
            Sums up the trials of a run: it writes summary.json and report.html. Use it when 'noisynn trial' has run the trials. If some
            are not complete, the command fails and names them.

            Example:  noisynn summarize runs/my-sweep
            """
        )
    {
        _terminal = terminal;
        Add(_run);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var sweep = new SweepFolder(parsed.GetValue(_run)!);
        if (sweep.Trials.Count == 0)
            throw new UsageException($"{sweep.Path} holds a single run and no trials.");
        using var folder = RunFolder.Reopen(sweep.Path, sweep.File);
        var path = Path.GetRelativePath(Environment.CurrentDirectory, folder.ExperimentPath);
        var run = new SweepRun(
            sweep.File,
            folder,
            $"./noisynn train {RunOptions.ForShell(path)}",
            processes: 0,
            new SweepDisplay(_terminal, showsEveryLine: false)
        );
        SweepText.PrintResult(_terminal, run.Summarize(), folder, parsed.GetValue(_json));
        return 0;
    }
}
