using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Cli.Commands.DataSets;

/// <summary><c>data verify</c>: checks the files of a data set against its manifest.</summary>
sealed class DataVerifyCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _name = DataCommand.DataSet();
    readonly Option<bool> _json = CommonOptions.Json();

    public DataVerifyCommand(Terminal terminal)
        : base("verify", "Checks every file of a data set against the size and SHA-256 in its manifest.")
    {
        _terminal = terminal;
        Add(_name);
        Add(_json);
        SetAction(parsed => Run(parsed.GetValue(_name)!, parsed.GetValue(_json)));
    }

    /// <exception cref="InvalidDataException">A file is missing or differs from the manifest.</exception>
    void Run(string name, bool isJson)
    {
        var manifest = DataManifest.Find(name);
        var files = VerifiedFile.Verify(manifest);
        if (isJson)
            Json.Write(_terminal.Output, Figures(manifest, files));
        else
            _terminal.Table(
                ["file", "state", "path"],
                files.Select(file => (string[])[file.File.Name, file.IsValid ? "as declared" : "NOT USABLE", file.Path ?? ""])
            );
        if (files.FirstOrDefault(file => !file.IsValid) is { } first)
            throw new InvalidDataException(first.Error);
    }

    static object Figures(DataManifest manifest, IReadOnlyList<FileVerification> files) =>
        new
        {
            manifest.Name,
            manifest.Sha256,
            Files = files.Select(file => new
            {
                file.File.Name,
                file.Path,
                file.IsValid,
                file.Error,
            }),
        };
}
