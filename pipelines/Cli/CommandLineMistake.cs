using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Cli;

/// <summary>Says in one line what is wrong with a command line.</summary>
static partial class CommandLineMistake
{
    /// <summary>The parser's message in this program's words, with a suggestion for a misspelled option, command or value.</summary>
    public static string Describe(ParseError mistake, ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var stranger, ..])
            return Sentence(DescribeStranger(stranger, parsed.CommandResult.Command));
        if (OtherWord().Match(mistake.Message) is { Success: true } other)
            return Sentence(
                $"{OptionOf(mistake)}unknown value '{other.Groups["given"].Value}'; "
                    + Spelling.Suggest(other.Groups["given"].Value, [.. other.Groups["word"].Captures.Select(word => word.Value)])
            );
        return Sentence(
            OtherType()
                .Replace(
                    mistake.Message,
                    match => match.Value.Contains("Int", StringComparison.Ordinal) ? " as a whole number" : " as a number"
                )
        );
    }

    static string DescribeStranger(string stranger, Command command)
    {
        string[] known = stranger.StartsWith('-')
            ? [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name).Union(["--help"])]
            : [.. command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name)];
        return known.Length == 0
            ? $"'{stranger}' is one argument too many"
            : $"{(stranger.StartsWith('-') ? "unknown option" : "unknown command")} '{stranger}'; {Spelling.Suggest(stranger, known)}";
    }

    /// <summary>The option that a mistake is about, with a colon; empty for an argument.</summary>
    static string OptionOf(ParseError mistake) =>
        (mistake.SymbolResult as OptionResult ?? mistake.SymbolResult?.Parent as OptionResult) is { } result
            ? $"{result.Option.Name}: "
            : "";

    static string Sentence(string text) => text.EndsWith('?') ? text : text.TrimEnd('.') + ".";

    /// <summary>The name of a .NET type in a message of the parser, such as System.Nullable`1[System.Double].</summary>
    [GeneratedRegex(@" as expected type '[^']*(Int32|Int64|Double)[^']*'")]
    private static partial Regex OtherType();

    /// <summary>The parser's message about a value that is not one of a list, with a line for each word of the list.</summary>
    [GeneratedRegex(@"^Argument '(?<given>.*?)' not recognized\. Must be one of:(\s*'(?<word>[^']*)')+\s*$", RegexOptions.Singleline)]
    private static partial Regex OtherWord();
}
