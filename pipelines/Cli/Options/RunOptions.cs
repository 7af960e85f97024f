using System.CommandLine;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The options of every command that executes a declared run in a folder of its own.</summary>
/// <param name="example">An example of a value to override, for the help.</param>
/// <param name="resume">What the help adds about --resume with several runs.</param>
/// <param name="threads">What the help adds about --threads with several runs.</param>
sealed class RunOptions(string example, string resume = "", string threads = "")
{
    readonly Option<string[]> _set = new("--set")
    {
        Description = $"Override a key of the experiment file, such as {example}. May be repeated. 'noisynn schema' lists all keys.",
        HelpName = "PATH=VALUE",
    };
    readonly Option<string?> _data = CommonOptions.Data(
        "Use other images: a folder with one subfolder per class, or a data set of data-manifests/ by name."
    );
    readonly Option<bool> _resume = new("--resume")
    {
        Description = $"Continue the newest interrupted run (of NAME, NAME-2, ...) from its last checkpoint{resume}.",
    };
    readonly Option<string> _output = new("--output")
    {
        Description =
            "The folder for runs. A run is written to DIR/NAME, where NAME is the name in the experiment file. If that folder exists, the "
            + "run is written to DIR/NAME-2, then DIR/NAME-3, and so on. DIR/latest points to the newest complete run.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };
    readonly Option<int?> _threads = new("--threads")
    {
        Description = $"The number of threads to compute with. Default: one per logical processor{threads}.",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_set, _data, _resume, _output, _threads])
            command.Add(option);
    }

    /// <summary>The folder of all runs.</summary>
    public string Root(ParseResult parsed) => parsed.GetValue(_output)!;

    /// <summary>Whether to continue an interrupted run.</summary>
    public bool Resume(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>The overrides of the file's values, in the order in which they apply.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed) =>
        [
            .. parsed.GetValue(_data) is { } source ? DataOverrides(source) : [],
            .. parsed.GetValue(_threads) is { } count ? [$"training.threads={count}"] : (string[])[],
            .. parsed.GetValue(_set) ?? [],
        ];

    /// <summary>The command line that repeats the run.</summary>
    public static string Repeat(ParseResult parsed) =>
        string.Join(' ', ["./noisynn", .. parsed.Tokens.Select(token => ForShell(token.Value))]);

    /// <summary>The command line that goes on with the run.</summary>
    public string Resuming(ParseResult parsed)
    {
        var words = parsed.Tokens.Select(token => ForShell(token.Value)).ToList();
        // What follows two dashes is for another program.
        var end = words.IndexOf("--");
        if (!Resume(parsed))
            words.Insert(end < 0 ? words.Count : end, _resume.Name);
        return string.Join(' ', ["./noisynn", .. words]);
    }

    /// <summary>Overrides the source of the data, a folder or a manifest, and clears the other one.</summary>
    static IEnumerable<string> DataOverrides(string source)
    {
        var isFolder = Directory.Exists(source) && !File.Exists(Path.Combine(source, DataManifest.FileName));
        return isFolder ? ["data.manifest=", $"data.directory={Quoted(source)}"] : ["data.directory=", $"data.manifest={Quoted(source)}"];
    }

    /// <summary>Quotes any text for YAML.</summary>
    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Quotes a word for a POSIX shell, if it needs quotes.</summary>
    internal static string ForShell(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_./=:,-".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
