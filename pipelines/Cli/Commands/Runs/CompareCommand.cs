using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>compare</c>: shows in what runs differ, and their figures beside each other.</summary>
sealed class CompareCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string[]> _runs = new("FOLDER")
    {
        Description = "The folders of two or more runs.",
        Arity = new ArgumentArity(2, 100),
    };
    readonly Option<string?> _output = new("--output")
    {
        Description = "Write a page as well, with intervals, and the curves over each other.",
        HelpName = "FILE.html",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public CompareCommand(Terminal terminal)
        : base(
            "compare",
            """
            Shows the settings in which runs differ, and their figures beside each other. Runs on different data have figures that do not
            compare, and the command says so. A verdict on arms of one sweep is in its own report, because it is paired by seed.

            Example:  noisynn compare runs/demo runs/demo-2 --output compare.html
            """
        )
    {
        _terminal = terminal;
        Add(_runs);
        Add(_output);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        RunRecord[] runs = [.. parsed.GetValue(_runs)!.Select(RunRecord.Read)];
        var settings = RunSettings.Differences([.. runs.Select(run => run.ReadDeclaration())]);
        if (parsed.GetValue(_output) is { } page)
            WritePage(page, runs, settings);
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, new { Runs = runs, Settings = settings.Select(setting => new { setting.Key, setting.Values }) });
        else
            RunText.PrintComparison(_terminal, runs, settings);
        return 0;
    }

    void WritePage(string path, IReadOnlyList<RunRecord> runs, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> settings)
    {
        OutputFile.Require(path);
        AtomicFile.WriteText(path, ComparisonReport.Render(runs, settings));
        _terminal.Note($"page: {path}");
    }
}
