using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Downloads;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Commands.DataSets;

/// <summary><c>data get</c>: downloads the files of a data set.</summary>
sealed class DataGetCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _name = DataCommand.DataSet();
    readonly Option<string?> _into = new("--into")
    {
        Description =
            "The folder for the files. Every command looks for them in the default folder: $NOISYNN_DATA/NAME if NOISYNN_DATA is set, "
            + "else $XDG_DATA_HOME/noisynn/NAME, else ~/.local/share/noisynn/NAME (on Windows %LocalAppData%\\noisynn\\NAME).",
        HelpName = "FOLDER",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public DataGetCommand(Terminal terminal)
        : base(
            "get",
            """
            Downloads the files of a data set from the addresses in its manifest. Files that are present and intact are not downloaded
            again. The command checks the size and SHA-256 of every file before the file gets its name. Ctrl-C keeps the bytes that have
            arrived; run the same command to continue. Without an internet connection, the command prints the address and SHA-256 of each file, and the
            folder to put it in.

            Exit codes: 0 all files are present and intact; 1 a file cannot be downloaded, differs from the manifest, or cannot be written;
            2 the command line is wrong; 130 interrupted.

            Example:  noisynn data get fashion-mnist
            """
        )
    {
        _terminal = terminal;
        Add(_name);
        Add(_into);
        Add(_json);
        SetAction(parsed => Run(parsed.GetValue(_name)!, parsed.GetValue(_into), parsed.GetValue(_json)));
    }

    void Run(string name, string? into, bool isJson)
    {
        var manifest = DataManifest.Find(name);
        var download = new DataSetDownload(manifest, into, new DownloadDisplay(_terminal));
        var files = Fetch(download, _terminal.Cancellation);
        _terminal.ClearStatus();
        if (isJson)
            Json.Write(_terminal.Output, Figures(manifest, files));
        else
            _terminal.Table(
                ["file", "state", "path"],
                files.Select(file => (string[])[file.File.Name, file.IsFetched ? "fetched" : "was there", file.Path])
            );
        if (into is not null && download.Folder != DataFolder.Find(manifest.Name))
            _terminal.Note($"Set {FileLocator.DataRootVariable}={download.Folder} so that other commands find the files there.");
    }

    static IReadOnlyList<FetchedFile> Fetch(DataSetDownload download, CancellationToken cancellation)
    {
        try
        {
            return download.RunAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new RunInterruptedException(
                $"interrupted; the bytes that have arrived are kept in {download.Folder}. Run the same command to continue."
            );
        }
    }

    static object Figures(DataManifest manifest, IReadOnlyList<FetchedFile> files) =>
        new
        {
            manifest.Name,
            manifest.Sha256,
            Files = files.Select(file => new
            {
                file.File.Name,
                file.Path,
                Bytes = file.File.Size,
                file.File.Sha256,
                file.IsFetched,
            }),
        };
}
