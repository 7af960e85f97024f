using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>The options that say how to read a table of text whose lines can be read in two ways.</summary>
sealed class TableArguments
{
    readonly Option<string?> _header = YesOrNo(
        "--header",
        "Whether the first line of a table holds the names of the columns. Default: detected."
    );
    readonly Option<string?> _labelsHeader = YesOrNo("--labels-header", "The same for the table that --labels names. Default: detected.");
    readonly Option<string?> _indexColumn = new("--index-column")
    {
        Description =
            "The column of a table that counts or names the rows, by name or number from 1, or none. The "
            + "column is left out. Default: detected.",
        HelpName = "NAME",
    };

    readonly Option<string?> _separator = new("--separator")
    {
        Description = $"The separator between the cells of a table: {string.Join(", ", TableSeparator.Names)}. Default: detected.",
        HelpName = "NAME",
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<string?>() is { } name && TableSeparator.Named(name) is null)
                    result.AddError($"--separator is '{name}'; it can be {string.Join(", ", TableSeparator.Names)}.");
            },
        },
    };

    readonly Option<string?> _decimal = Choice(
        "--decimal",
        "The decimal sign of a table's numbers, point or comma; the other one groups thousands. Default: detected. If "
            + "both readings are possible, "
            + "the command stops and asks for this option.",
        ["point", "comma"]
    );

    IEnumerable<Option<string?>> Options => [_header, _labelsHeader, _indexColumn, _separator, _decimal];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasLabels">Whether labels can be in a table of their own.</param>
    public void AddTo(Command command, bool hasLabels = true)
    {
        foreach (var option in Options.Where(option => hasLabels || option != _labelsHeader))
            command.Add(option);
    }

    /// <summary>The first of these options that a command line has; null if it has none.</summary>
    public string? Given(ParseResult parsed) => Options.FirstOrDefault(option => parsed.GetResult(option) is not null)?.Name;

    /// <summary>Reads the options for a table of rows, and for one of their labels.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="files">The files that it names, for rows and for labels; null for none.</param>
    /// <exception cref="UsageException">The command line has such an option, but names no table.</exception>
    public (TableOptions Rows, TableOptions Labels) Read(ParseResult parsed, params string?[] files)
    {
        if (Given(parsed) is { } stray && files.All(file => file is null || VectorFile.IsArray(file)))
        {
            string[] arrays = [.. files.OfType<string>()];
            var verb = arrays.Length > 1 ? "are arrays" : "is an array";
            throw new UsageException($"{stray} applies to tables of text; {string.Join(" and ", arrays)} {verb}.");
        }

        var rows = new TableOptions
        {
            HasHeader = Answer(parsed.GetValue(_header)),
            IndexColumn = parsed.GetValue(_indexColumn),
            Separator = parsed.GetValue(_separator) is { } name ? TableSeparator.Named(name) : null,
            DecimalSign = parsed.GetValue(_decimal) switch
            {
                "point" => '.',
                "comma" => ',',
                _ => null,
            },
        };
        return (rows, rows with { HasHeader = parsed.GetResult(_labelsHeader) is null ? null : Answer(parsed.GetValue(_labelsHeader)) });
    }

    /// <summary>The options as text, for the fingerprint of a request.</summary>
    public string Describe(ParseResult parsed) =>
        string.Join(' ', Options.Select(option => parsed.GetResult(option) is null ? "" : parsed.GetValue(option)));

    static bool? Answer(string? word) =>
        word switch
        {
            "yes" => true,
            "no" => false,
            _ => null,
        };

    static Option<string?> YesOrNo(string name, string description) => Choice(name, description, ["yes", "no"]);

    static Option<string?> Choice(string name, string description, string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
