using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Listing;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>runs</c>: lists the runs of a folder.</summary>
sealed class RunsCommand : Command
{
    readonly Terminal _terminal;
    readonly Option<string> _root = Root();
    readonly Option<string?> _filter = new("--filter")
    {
        Description = "Show only runs whose name or data set contains this text.",
        HelpName = "TEXT",
    };
    readonly Option<bool> _html = new("--html")
    {
        Description = "Write the page index.html over all runs into the folder, and print its path.",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public RunsCommand(Terminal terminal)
        : base(
            "runs",
            """
            Lists the runs of a folder, the newest last. It shows the figures of each network and, over several seeds, the verdict. Every run
            writes the same as a page, index.html, and so does --html.

            Example:  noisynn runs --filter fashion
                      noisynn runs remove demo-2
            """
        )
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_root, _filter, _html, _json])
            Add(option);
        Add(new RunsRemoveCommand(terminal));
        SetAction(Run);
    }

    /// <summary>The option that names the folder of the runs.</summary>
    internal static Option<string> Root() =>
        new("--output")
        {
            Description = "The folder of the runs.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "runs",
        };

    /// <exception cref="IOException">There is no such folder.</exception>
    internal static string Require(string root) =>
        Directory.Exists(root)
            ? root
            : throw new IOException($"there is no folder {root}. Name the folder of your runs with --output DIR.");

    int Run(ParseResult parsed)
    {
        var root = Require(parsed.GetValue(_root)!);
        if (parsed.GetValue(_html))
        {
            _terminal.Output.WriteLine(RunsIndex.Write(root));
            return 0;
        }
        var text = parsed.GetValue(_filter) ?? "";
        RunRecord[] runs =
        [
            .. RunRecord
                .ReadAll(root)
                .Where(run =>
                    run.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
                    || run.Data?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
                ),
        ];
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, runs);
        else if (runs.Length == 0)
            _terminal.Output.WriteLine($"{root} holds no such run.");
        else
            RunText.PrintList(_terminal, runs);
        return 0;
    }
}
