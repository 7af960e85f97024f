using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NoisyNN.Pipelines.Cli;

/// <summary>Lists all commands with one line each, or describes one command in full.</summary>
sealed class Help : SynchronousCommandLineAction
{
    readonly HelpAction _details = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        if (command.Subcommands.Count == 0)
            return _details.Invoke(parseResult);

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Description);
        output.WriteLine();
        var subcommands = command.Subcommands.Where(subcommand => !subcommand.Hidden).ToList();
        var width = subcommands.Max(subcommand => subcommand.Name.Length);
        foreach (var subcommand in subcommands)
            output.WriteLine($"  {subcommand.Name.PadRight(width)}  {FirstSentence(subcommand.Description ?? "")}");
        output.WriteLine();
        output.WriteLine($"Run '{CommandLine.NameOf(command)} COMMAND --help' to read about one of them.");
        return 0;
    }

    static string FirstSentence(string text)
    {
        var line = string.Join(
            ' ',
            text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        var end = line.IndexOfAny(['.', ':']);
        return end < 0 ? line : line[..end] + ".";
    }
}
