using System.Text;
using System.Text.Json;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The progress of a table on the disk.</summary>
/// <param name="Request">The fingerprint of the request; another request must not continue the table.</param>
/// <param name="NextRow">The first row of the source that is not in the table yet.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Bytes">The length of the table with these rows.</param>
/// <param name="BatchSize">Rows that were scored at once. Continuing with the same batches gives the same digits.</param>
/// <param name="ParallelRuns">Batches that were scored at a time.</param>
/// <param name="Threads">Threads of each; null for one per core.</param>
sealed record TableProgress(string Request, long NextRow, long Rows, long Bytes, int BatchSize, int ParallelRuns, int? Threads);

/// <summary>
/// A text file that can be continued after any interruption, including a power failure. Lines go to FILE.partial; FILE.progress records
/// from time to time how many of them are safely on the disk. The file gets its name when it is complete. A pipe or a device gets the lines
/// directly, and starts again after an interruption (see <see cref="OutputPlace"/>).
/// </summary>
sealed class ResumableFile : IDisposable
{
    readonly OutputPlace _place;
    readonly Stream _stream;
    bool _isWanted;

    ResumableFile(OutputPlace place, Stream stream, TableProgress? resumed)
    {
        (_place, _stream, Resumed, _isWanted) = (place, stream, resumed, resumed is not null);
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true)
        {
            NewLine = "\n",
        };
    }

    /// <summary>The place where an interrupted run of the same request stopped; null for a new file.</summary>
    public TableProgress? Resumed { get; }

    /// <summary>The writer for the lines.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Continues the file of an interrupted run of the same request, or begins a new one.</summary>
    /// <exception cref="IOException">Another process writes the file, or something at its path can be neither replaced nor written
    /// to.</exception>
    public static ResumableFile Open(string path, string request, bool restart)
    {
        var place = OutputPlace.Of(path);
        if (place.IsStream)
            return new(place, place.Open(), resumed: null);

        path = place.Path;
        RequireRegular(PartialOf(path));
        RequireRegular(ProgressOf(path));
        TemporaryFile.RemoveRemains(ProgressOf(path));
        FileStream stream;
        try
        {
            stream = new FileStream(PartialOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (WriteFailure.Explain(path, exception) is null && File.Exists(PartialOf(path)))
        {
            throw new IOException(
                $"{PartialOf(path)} is in use: another process is writing {path}. Wait for it, or choose another file with --output FILE.",
                exception
            );
        }
        var progress = restart ? null : Read(path);
        var resumed = progress is not null && progress.Request == request && progress.Bytes <= stream.Length ? progress : null;
        // The text after the last recorded progress may be incomplete.
        stream.SetLength(resumed?.Bytes ?? 0);
        stream.Seek(0, SeekOrigin.End);
        if (resumed is null)
            File.Delete(ProgressOf(path));
        return new(place, stream, resumed);
    }

    /// <summary>Flushes everything written so far to the disk and records the progress.</summary>
    /// <exception cref="IOException">The disk refused it; the message has the remedy.</exception>
    public void Commit(Func<long, TableProgress> progress) =>
        Writing(() =>
        {
            Writer.Flush();
            if (_stream is not FileStream file || _place.IsStream)
                return;
            file.Flush(flushToDisk: true);
            AtomicFile.WriteText(ProgressOf(_place.Path), JsonSerializer.Serialize(progress(file.Position)));
            _isWanted = true;
        });

    /// <summary>Gives the complete file its name.</summary>
    /// <exception cref="IOException">The disk refused it; the message has the remedy.</exception>
    public void Complete() =>
        Writing(() =>
        {
            Writer.Flush();
            if (_stream is not FileStream file || _place.IsStream)
                return;
            file.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows() && File.Exists(_place.Path))
                File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(_place.Path));
            File.Move(PartialOf(_place.Path), _place.Path, overwrite: true);
            _isWanted = true;
            FolderEntries.Flush(Folder);
            File.Delete(ProgressOf(_place.Path));
        });

    /// <summary>Runs an action that writes rows, and explains a refusal of the disk.</summary>
    /// <exception cref="IOException">The disk refused the rows; the message has the remedy, and how to continue.</exception>
    public void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (WriteFailure.Explain(Folder, exception) is { } reason)
        {
            throw new IOException(
                $"'{_place.Given}' cannot be written: "
                    + $"{reason}{(_isWanted ? " Then run the same command again: it continues where this one stopped." : "")}",
                exception
            );
        }
    }

    public void Dispose()
    {
        // Lines without recorded progress are useless. They are removed while the file is locked, so that it is certainly ours. Windows
        // deletes no open file.
        var isNobodys = !_isWanted && !_place.IsStream;
        if (isNobodys && !OperatingSystem.IsWindows())
            Tidy(() => File.Delete(PartialOf(_place.Path)));
        // The stream is disposed, not the writer, whose buffer is useless. Disposing tries again to write what a full disk has refused.
        Tidy(_stream.Dispose);
        if (isNobodys && OperatingSystem.IsWindows())
            Tidy(() => File.Delete(PartialOf(_place.Path)));
    }

    /// <summary>Ignores an error here, because an earlier error has been reported and matters more.</summary>
    static void Tidy(Action tidy)
    {
        try
        {
            tidy();
        }
        catch (Exception exception) when (WriteFailure.Is(exception)) { }
    }

    public static string PartialOf(string path) => $"{path}.partial";

    public static string ProgressOf(string path) => $"{path}.progress";

    string Folder => Path.GetDirectoryName(Path.GetFullPath(_place.Path))!;

    // These files belong to this class. Through a link, another file would become one of them.
    static void RequireRegular(string path)
    {
        if (FileStatus.Of(path, followsLink: false) is { Kind: not (FileKind.Regular or FileKind.Missing) } status)
            throw new OutputRefusedException(
                path,
                $"it is {status.Words}, and a table in progress needs the name. Remove it, or choose another file with --output FILE."
            );
    }

    static TableProgress? Read(string path)
    {
        try
        {
            return File.Exists(ProgressOf(path)) ? JsonSerializer.Deserialize<TableProgress>(File.ReadAllText(ProgressOf(path))) : null;
        }
        catch (JsonException)
        {
            // The file is damaged. Starting again is always correct.
            return null;
        }
    }
}
