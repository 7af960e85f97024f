using System.Text;
using System.Text.Json;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>How far a table is on the disk.</summary>
/// <param name="Request">What was asked for, as a hash: another request must not go on with this table.</param>
/// <param name="NextRow">The first row of the source that is not in the table yet.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Bytes">The length of the table with these rows.</param>
/// <param name="BatchSize">Rows that were scored at once; going on with the same batches gives the same digits.</param>
/// <param name="ParallelRuns">Batches that were scored at a time.</param>
/// <param name="Threads">Threads of each; null for one per core.</param>
sealed record TableProgress(string Request, long NextRow, long Rows, long Bytes, int BatchSize, int ParallelRuns, int? Threads);

/// <summary>
/// A text file that may be interrupted at any moment, a power cut included, and gone on with: lines go to FILE.partial, and from time to
/// time FILE.progress says how many of them are safely on the disk. The file gets its name when it is complete. A pipe or a device gets the
/// lines as they come, and an interrupted one begins anew (see <see cref="OutputPlace"/>).
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

    /// <summary>Where an interrupted file of the same request stopped; null for a new file.</summary>
    public TableProgress? Resumed { get; }

    /// <summary>For the lines.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Goes on with what an interrupted run of the same request left, or begins.</summary>
    /// <exception cref="IOException">Another process writes the file, or what is at its place can be neither replaced nor written
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
        // What came after the last word about progress may be incomplete.
        stream.SetLength(resumed?.Bytes ?? 0);
        stream.Seek(0, SeekOrigin.End);
        if (resumed is null)
            File.Delete(ProgressOf(path));
        return new(place, stream, resumed);
    }

    /// <summary>Puts everything written so far on the disk and says so.</summary>
    /// <exception cref="IOException">The disk did not take it; the message has the remedy.</exception>
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
    /// <exception cref="IOException">The disk did not take it; the message has the remedy.</exception>
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

    /// <summary>Does what writes rows, and says what to do where the disk does not take them.</summary>
    /// <exception cref="IOException">The disk did not take it; the message has the remedy, and how to go on.</exception>
    public void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (WriteFailure.Explain(Folder, exception) is { } reason)
        {
            throw new IOException(
                $"'{_place.Given}' cannot be written: {reason}{(_isWanted ? " Then give the same command again: it goes on where this one stopped." : "")}",
                exception
            );
        }
    }

    public void Dispose()
    {
        // Lines without a word about progress are nobody's any more. They go while the file is locked, so that it is certainly ours;
        // Windows deletes nothing that is open.
        var isNobodys = !_isWanted && !_place.IsStream;
        if (isNobodys && !OperatingSystem.IsWindows())
            Tidy(() => File.Delete(PartialOf(_place.Path)));
        // Not the writer: what it holds is nobody's, too. What a full disk did not take before is tried again here.
        Tidy(_stream.Dispose);
        if (isNobodys && OperatingSystem.IsWindows())
            Tidy(() => File.Delete(PartialOf(_place.Path)));
    }

    /// <summary>The error that made it necessary has been told, and matters more.</summary>
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

    // These are ours: a link there would make somebody else's file one of them.
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
            // Damaged: the table begins anew, which is always right.
            return null;
        }
    }
}
