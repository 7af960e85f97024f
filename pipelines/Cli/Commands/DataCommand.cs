using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Downloads;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>data get</c> fetches the files of a manifest; <c>data verify</c> checks them against it.</summary>
sealed class DataCommand : Command
{
    public DataCommand(Terminal terminal)
        : base("data", "Fetches and checks data sets.")
    {
        Add(new GetCommand(terminal));
        Add(new VerifyCommand(terminal));
    }

    static Argument<string> DataSet() =>
        new("DATA") { Description = "A data set of data-manifests/ by name, such as fashion-mnist, or the path of its croissant.json." };

    sealed class GetCommand : Command
    {
        readonly Terminal _terminal;
        readonly Argument<string> _name = DataSet();
        readonly Option<string?> _into = new("--into")
        {
            Description =
                "The folder for the files. Default: $NOISYNN_DATA/NAME if NOISYNN_DATA is set, else $XDG_DATA_HOME/noisynn/NAME, "
                + "else ~/.local/share/noisynn/NAME (on Windows %LocalAppData%\\noisynn\\NAME). Every command finds the files there by itself.",
            HelpName = "FOLDER",
        };
        readonly Option<bool> _json = CommonOptions.Json();

        public GetCommand(Terminal terminal)
            : base(
                "get",
                """
                Fetches the files of a data set from the addresses in its manifest. Files that are there and right are not fetched again.
                Every file is checked against the size and SHA-256 of the manifest before it gets its name. Ctrl-C keeps what has arrived, and
                the same command continues it. Without a network, the command prints the address and SHA-256 of each file and the folder to put
                it in.

                Exit codes: 0 all files are there and right; 1 a file cannot be fetched, is not what the manifest says, or cannot be written;
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
                Json.Write(
                    _terminal.Output,
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
                    }
                );
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
                    $"interrupted; what has arrived is kept in {download.Folder}. The same command continues it."
                );
            }
        }
    }

    sealed class VerifyCommand : Command
    {
        readonly Terminal _terminal;
        readonly Argument<string> _name = DataSet();
        readonly Option<bool> _json = CommonOptions.Json();

        public VerifyCommand(Terminal terminal)
            : base("verify", "Checks every file of a data set against the size and SHA-256 of its manifest.")
        {
            _terminal = terminal;
            Add(_name);
            Add(_json);
            SetAction(parsed => Run(parsed.GetValue(_name)!, parsed.GetValue(_json)));
        }

        /// <exception cref="InvalidDataException">A file is missing or is not what the manifest says.</exception>
        void Run(string name, bool isJson)
        {
            var manifest = DataManifest.Find(name);
            var files = VerifiedFile.Verify(manifest);
            if (isJson)
                Json.Write(
                    _terminal.Output,
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
                    }
                );
            else
                _terminal.Table(
                    ["file", "state", "path"],
                    files.Select(file => (string[])[file.File.Name, file.IsValid ? "as declared" : "NOT USABLE", file.Path ?? ""])
                );
            if (files.FirstOrDefault(file => !file.IsValid) is { } first)
                throw new InvalidDataException(first.Error);
        }
    }
}
