using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>status</c>: shows how far the trials of a run are.</summary>
sealed class StatusCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _run = new("FOLDER") { Description = "The folder of a run with several trials, such as runs/my-sweep." };
    readonly Option<bool> _json = CommonOptions.Json();

    public StatusCommand(Terminal terminal)
        : base(
            "status",
            """
            Shows how far the trials of a run are: waiting, running, interrupted, failed or complete. It reads the files of the trials, so
            it works while they run, on any machine that sees the folder.

            Example:  noisynn status runs/my-sweep
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
        var rows = TrialsOf(new SweepFolder(parsed.GetValue(_run)!));
        if (parsed.GetValue(_json))
            foreach (var row in rows)
                _terminal.Output.WriteLine(row.ToJson());
        else
            SweepText.PrintStatus(_terminal, rows);
        return 0;
    }

    /// <summary>The trials of a run, by their files.</summary>
    /// <exception cref="UsageException">It has none.</exception>
    internal static IReadOnlyList<TrialRow> TrialsOf(SweepFolder folder) =>
        folder.HasTasks ? new TrialTable(folder).Rows : throw new UsageException($"{folder.Path} holds a single run and no trials.");
}
