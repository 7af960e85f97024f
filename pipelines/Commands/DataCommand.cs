using System.CommandLine;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>data verify</c>: are the files what their manifest says?</summary>
static class DataCommand
{
    public static Command Create(Terminal terminal) => new("data", "Looks after data sets.") { Verify(terminal) };

    static Command Verify(Terminal terminal)
    {
        var name = new Argument<string>("DATA") { Description = "A data set of data-manifests/ by name, such as fashion-mnist, or the path of its croissant.json." };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Checks every file of a data set against the size and SHA-256 of its manifest.") { name, json };
        command.SetAction(parsed =>
        {
            var manifest = DataManifest.Find(parsed.GetValue(name)!);
            var files = VerifiedFile.Verify(manifest);
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, new { manifest.Name, manifest.Sha256, Files = files.Select(file => new { file.File.Name, file.Path, file.IsValid, file.Error }) });
            else
                terminal.Table(["file", "state", "path"], files.Select(file => (string[])[file.File.Name, file.IsValid ? "as declared" : "NOT USABLE", file.Path ?? ""]));

            return files.FirstOrDefault(file => !file.IsValid) is { } first
                ? throw new InvalidDataException(first.Error)
                : 0;
        });
        return command;
    }
}
