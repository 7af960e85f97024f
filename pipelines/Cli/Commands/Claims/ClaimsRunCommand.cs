using System.CommandLine;
using System.Diagnostics;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Claims;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Commands.Claims;

/// <summary><c>claims run</c>: runs what settles a claim.</summary>
sealed class ClaimsRunCommand : Command
{
    readonly Terminal _terminal;
    readonly Func<IReadOnlyList<string>, Terminal, int> _runCommand;
    readonly ClaimsOptions _options = new();
    readonly Argument<string[]> _names = new("NAME")
    {
        Description = "The names of claims, as 'noisynn claims' lists them.",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<bool> _quick = new("--quick")
    {
        Description = "Run the quick form: at most 3 minutes on two processors. It shows how a verdict is made, and rarely finds one.",
    };
    readonly Option<bool> _json = CommonOptions.Json();
    readonly Option<int?> _gpu = CommonOptions.Gpu();

    /// <param name="terminal">The terminal.</param>
    /// <param name="runCommand">Runs a command line of this program, for claims that a command settles.</param>
    public ClaimsRunCommand(Terminal terminal, Func<IReadOnlyList<string>, Terminal, int> runCommand)
        : base(
            "run",
            """
            Runs the trainings or the command that settle a claim, and writes runs/claims/claims.html. Ctrl-C saves checkpoints; the same
            command continues. A claim that has been run with its present settings is not run again.

            Example:  noisynn claims run vae --quick
            """
        )
    {
        (_terminal, _runCommand) = (terminal, runCommand);
        Add(_names);
        Add(_quick);
        _options.AddTo(this);
        Add(_gpu);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var claims = _options.Claims(parsed);
        var chosen = parsed.GetValue(_names)!.Select(name => Find(claims, name)).ToList();
        GpuChoice.RequireForTraining(parsed.GetValue(_gpu));
        var (root, isQuick) = (_options.Root(parsed), parsed.GetValue(_quick));
        var runs = new ClaimRuns(root);
        List<ClaimResult> results = [];
        foreach (var claim in chosen)
        {
            if (runs.Find(claim, isQuick) is null)
                Settle(claim, isQuick, runs, parsed.GetValue(_gpu));
            results.Add(runs.Find(claim, isQuick)!);
            WriteReport(claims, runs, root);
        }
        if (parsed.GetValue(_json))
        {
            _terminal.Output.WriteLine(ClaimResult.ToJson(results));
            return 0;
        }
        ClaimsCommand.Print(_terminal, results);
        _terminal.Output.WriteLine($"report: {Path.Combine(root, ClaimsReport.FileName)}");
        return 0;
    }

    void Settle(ClaimFile claim, bool isQuick, ClaimRuns runs, int? gpu)
    {
        _terminal.Note($"{claim.Name}: {claim.Claim}");
        if (claim.Command is null)
        {
            new ClaimRun(claim, isQuick, runs, new SweepDisplay(_terminal, showsEveryLine: false), gpu).Run(_terminal.Cancellation);
            return;
        }
        using var output = new StringWriter();
        var clock = Stopwatch.StartNew();
        var exitCode = _runCommand(
            claim.Command.Command,
            new Terminal(output, _terminal.Error, interactive: false, _terminal.Cancellation)
        );
        if (exitCode != 0)
            throw new InvalidOperationException($"'noisynn {string.Join(' ', claim.Command.Command)}' ended with exit code {exitCode}.");
        runs.Write(claim, output.ToString(), clock.Elapsed.TotalSeconds);
    }

    static void WriteReport(IReadOnlyList<ClaimFile> claims, ClaimRuns runs, string root) =>
        AtomicFile.WriteText(Path.Combine(root, ClaimsReport.FileName), ClaimsReport.Render([.. claims.Select(runs.Find)], root));

    static ClaimFile Find(IReadOnlyList<ClaimFile> claims, string name) =>
        claims.FirstOrDefault(claim => claim.Name == name)
        ?? throw new UsageException($"there is no claim '{name}'; {Spelling.Suggest(name, [.. claims.Select(claim => claim.Name)])}");
}
