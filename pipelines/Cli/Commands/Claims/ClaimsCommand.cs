using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Claims;

namespace NoisyNN.Pipelines.Cli.Commands.Claims;

/// <summary><c>claims</c>: lists the claims of the papers with their verdicts.</summary>
sealed class ClaimsCommand : Command
{
    readonly Terminal _terminal;
    readonly ClaimsOptions _options = new();
    readonly Option<bool> _json = CommonOptions.Json();

    /// <param name="terminal">The terminal.</param>
    /// <param name="runCommand">Runs a command line of this program, for claims that a command settles.</param>
    public ClaimsCommand(Terminal terminal, Func<IReadOnlyList<string>, Terminal, int> runCommand)
        : base(
            "claims",
            """
            Lists the claims of the papers with their verdicts: supported, refuted or open. A verdict comes from the runs in runs/claims,
            which 'noisynn claims run NAME' makes. --json prints every claim with rule, n, interval, seeds, versions, data and cost.
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        Add(_json);
        Add(new ClaimsRunCommand(terminal, runCommand));
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var runs = new ClaimRuns(_options.Root(parsed));
        ClaimResult[] results = [.. _options.Claims(parsed).Select(runs.Find)];
        if (parsed.GetValue(_json))
            _terminal.Output.WriteLine(ClaimResult.ToJson(results));
        else
            Print(_terminal, results);
        return 0;
    }

    /// <summary>A row for each claim.</summary>
    internal static void Print(Terminal terminal, IReadOnlyList<ClaimResult> results)
    {
        terminal.Table(
            ["paper", "claim", "verdict", "n", "figure with its 95 % interval", "minutes"],
            results.Select(result =>
                (string[])
                    [
                        result.Paper,
                        result.Name,
                        ClaimWords.Verdict(result),
                        $"{result.Seeds?.Count}",
                        ClaimWords.Figure(result),
                        result.Seconds is { } seconds ? FormattableString.Invariant($"{seconds / 60:0.0}") : $"{result.Minutes} planned",
                    ]
            )
        );
    }
}
