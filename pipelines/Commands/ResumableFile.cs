using System.Text;
using System.Text.Json;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Commands;

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
/// A text file that may be interrupted at any moment, a power cut included, and gone on with: lines go to FILE.partial, and from time to time
/// FILE.progress says how many of them are safely on the disk. The file gets its name when it is complete.
/// </summary>
sealed class ResumableFile : IDisposable
{
    readonly string _path;
    readonly FileStream _stream;
    bool _isWanted;

    ResumableFile(string path, FileStream stream, TableProgress? resumed)
    {
        (_path, _stream, Resumed, _isWanted) = (path, stream, resumed, resumed is not null);
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
    }

    /// <summary>Where an interrupted file of the same request stopped; null for a new file.</summary>
    public TableProgress? Resumed { get; }

    public StreamWriter Writer { get; }

    /// <summary>Goes on with what an interrupted run of the same request left, or begins.</summary>
    /// <exception cref="IOException">Another process writes the file.</exception>
    public static ResumableFile Open(string path, string request, bool restart)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(PartialOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(PartialOf(path)))
        {
            throw new IOException($"{PartialOf(path)} is in use: another process is writing {path}. Wait for it, or choose another file with --output FILE.", exception);
        }
        var progress = restart ? null : Read(path);
        var resumed = progress is not null && progress.Request == request && progress.Bytes <= stream.Length ? progress : null;
        // What came after the last word about progress may be incomplete.
        stream.SetLength(resumed?.Bytes ?? 0);
        stream.Seek(0, SeekOrigin.End);
        if (resumed is null)
            File.Delete(ProgressOf(path));
        return new(path, stream, resumed);
    }

    /// <summary>Puts everything written so far on the disk and says so.</summary>
    public void Commit(Func<long, TableProgress> progress)
    {
        Writer.Flush();
        _stream.Flush(flushToDisk: true);
        _isWanted = true;
        AtomicFile.WriteText(ProgressOf(_path), JsonSerializer.Serialize(progress(_stream.Position)));
    }

    /// <summary>Gives the complete file its name.</summary>
    public void Complete()
    {
        Writer.Flush();
        _stream.Flush(flushToDisk: true);
        File.Move(PartialOf(_path), _path, overwrite: true);
        _isWanted = true;
        File.Delete(ProgressOf(_path));
    }

    public void Dispose()
    {
        // Not the writer: lines without a word about progress are nobody's any more.
        _stream.Dispose();
        if (!_isWanted)
            File.Delete(PartialOf(_path));
    }

    public static string PartialOf(string path) => $"{path}.partial";

    public static string ProgressOf(string path) => $"{path}.progress";

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
