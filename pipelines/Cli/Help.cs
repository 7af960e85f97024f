using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NoisyNN.Pipelines.Cli;

/// <summary>Some commands that serve one task.</summary>
sealed record CommandGroup(string Task, IReadOnlyList<Command> Commands);

/// <summary>Lists all commands by task with one line each, or describes one command in full.</summary>
/// <param name="groups">The commands of the program.</param>
sealed class Help(IReadOnlyList<CommandGroup> groups) : SynchronousCommandLineAction
{
    const string ExitCodes = """
        Run 'noisynn --version' to print the version.

        Exit codes: 0 success; 1 something failed; 2 the command line or the experiment file is wrong; 3 the work is done, but some inputs
        could not be read; 4 the audited model depends on the batch; 75 try again: a trial or a shard was interrupted, or another process works
        on it; 130 interrupted; 141 the reader of the output has gone. Every failure but 141 prints one line with its cause.
        """;

    readonly HelpAction _details = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        // A command that does something by itself has options to describe.
        if (command.Subcommands.Count == 0 || command.Action is not null)
            return _details.Invoke(parseResult);

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Description);
        output.WriteLine();
        var isRoot = !command.Parents.Any();
        IReadOnlyList<CommandGroup> shown = isRoot ? groups : [new CommandGroup("", [.. command.Subcommands])];
        var width = shown.SelectMany(group => group.Commands).Max(subcommand => subcommand.Name.Length);
        foreach (var group in shown)
        {
            if (isRoot)
                output.WriteLine($"{group.Task}:");
            foreach (var subcommand in group.Commands.Where(subcommand => !subcommand.Hidden))
                output.WriteLine($"  {subcommand.Name.PadRight(width)}  {FirstSentence(subcommand.Description ?? "")}");
            if (isRoot && group != shown[^1])
                output.WriteLine();
        }
        output.WriteLine();
        output.WriteLine($"Run '{CommandLine.NameOf(command)} COMMAND --help' to read about one of them.");
        if (isRoot)
            output.WriteLine(ExitCodes);
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
