using System.CommandLine;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>What every command takes that does a declared run in a folder of its own.</summary>
/// <param name="example">An example of a value to override, for the help.</param>
/// <param name="resume">What --resume continues, if not one run alone.</param>
/// <param name="threads">Whose the threads are, if not one run's alone.</param>
sealed class RunOptions(string example, string resume = "", string threads = "")
{
    readonly Option<string[]> _set = new("--set")
    {
        Description = $"Overrides a value of the file, as in {example}. May be repeated.",
        HelpName = "PATH=VALUE",
    };
    readonly Option<string?> _data = CommonOptions.Data(
        "Other images: a folder with one subfolder of images per class, or a data set of data-manifests/ by name."
    );
    readonly Option<bool> _resume = new("--resume")
    {
        Description = $"Continues the newest interrupted run of this name from its last checkpoint{resume}.",
    };
    readonly Option<string> _output = new("--output")
    {
        Description = "Folder that receives the run as DIR/NAME; DIR/latest points to the newest.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };
    readonly Option<int?> _threads = new("--threads")
    {
        Description = $"Threads to compute with. Default: one per processor core{threads}.",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_set, _data, _resume, _output, _threads])
            command.Add(option);
    }

    /// <summary>The folder of all runs.</summary>
    public string Root(ParseResult parsed) => parsed.GetValue(_output)!;

    /// <summary>Whether an interrupted run is to go on.</summary>
    public bool Resume(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>What the command line puts in place of the file's values.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed) =>
        [
            .. parsed.GetValue(_data) is { } source ? DataOverrides(source) : [],
            .. parsed.GetValue(_threads) is { } count ? [$"training.threads={count}"] : (string[])[],
            .. parsed.GetValue(_set) ?? [],
        ];

    /// <summary>The command line that repeats the run.</summary>
    public static string Repeat(ParseResult parsed) =>
        string.Join(' ', ["./noisynn", .. parsed.Tokens.Select(token => ForShell(token.Value))]);

    /// <summary>A folder of images, or a manifest; the section that the file had for the other one is taken back.</summary>
    static IEnumerable<string> DataOverrides(string source)
    {
        var isFolder = Directory.Exists(source) && !File.Exists(Path.Combine(source, DataManifest.FileName));
        return isFolder ? ["data.manifest=", $"data.directory={Quoted(source)}"] : ["data.directory=", $"data.manifest={Quoted(source)}"];
    }

    /// <summary>A YAML text that may contain anything.</summary>
    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A word as a shell takes it literally.</summary>
    internal static string ForShell(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_./=:,-".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
