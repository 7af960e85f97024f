using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>best</c>: names the settings of a sweep that do best on validation rows.</summary>
sealed class BestCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _run = new("FOLDER") { Description = "The folder of a sweep, such as runs/my-sweep." };
    readonly Option<bool> _json = CommonOptions.Json();

    public BestCommand(Terminal terminal)
        : base(
            "best",
            """
            Names the settings of a sweep that do best on the validation rows, as a mean over seeds or folds. It compares the settings
            whose trials are all complete. Test rows choose nothing: their figure stands beside the choice.

            Example:  noisynn best runs/my-sweep
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
        var path = parsed.GetValue(_run)!;
        var folder = new SweepFolder(path);
        var points = PointSummary.OfComplete(folder, StatusCommand.TrialsOf(folder));
        var best =
            points.MaxBy(point => point.Validation)
            ?? throw new InvalidOperationException($"no settings in {path} have completed all their trials. See 'noisynn status {path}'.");
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, best);
        else
            SweepText.PrintBest(_terminal, folder, best, points.Count);
        return 0;
    }
}
