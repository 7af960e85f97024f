using System.Text.Json;
using System.Text.Json.Serialization;

namespace NoisyNN.Models.Training;

/// <summary>A training's folder: its checkpoints, of which the newest two are kept, and <c>metrics.jsonl</c>, one JSON object per report.</summary>
sealed class Workspace : IDisposable
{
    const string Prefix = "checkpoint-";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    readonly string _path;
    readonly FileStream _metrics;

    Workspace(string path, FileStream metrics)
    {
        _path = path;
        _metrics = metrics;
    }

    /// <summary>The newest checkpoint that was written or taken up; null while there is none.</summary>
    public string? LastCheckpoint { get; private set; }

    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a training that <paramref name="resume"/> does not want to go on with.</exception>
    public static Workspace Open(string path, bool resume)
    {
        try
        {
            path = Path.GetFullPath(path);
            Directory.CreateDirectory(path);
            if (!resume && Checkpoints(path).FirstOrDefault() is { } newest)
                throw new InvalidOperationException($"The folder '{path}' already holds a training ('{Path.GetFileName(newest)}'). Set Resume to go on with it, or give another WorkspacePath.");
            var metrics = new FileStream(Path.Combine(path, "metrics.jsonl"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            if (!resume)
                metrics.SetLength(0);
            RemoveRemains(path);
            return new Workspace(path, metrics);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The folder '{path}' (WorkspacePath) cannot be written to: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a generation, then removes all but it and the one before.</summary>
    public void Write(CheckpointState state, IReadOnlyList<KeyValuePair<string, TorchSharp.torch.Tensor>> tensors)
    {
        var path = Path.Combine(_path, $"{Prefix}{state.Step:D9}.json");
        try
        {
            _metrics.Flush(flushToDisk: true);
            Checkpoint.Write(path, state with { MetricsLength = _metrics.Length }, tensors);
        }
        // A file that is larger than its file system or a quota allows is an argument out of range to .NET.
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException or ArgumentOutOfRangeException)
        {
            throw new IOException($"The checkpoint '{path}' could not be written: {exception.Message}"
                + (LastCheckpoint is null ? "" : $" The one before, '{LastCheckpoint}', is whole."), exception);
        }
        LastCheckpoint = path;
        foreach (var old in Checkpoints(_path).Skip(2))
            Checkpoint.Delete(old);
    }

    /// <summary>The newest checkpoint that is whole; null where there is none at all. Each one that is refused is reported.</summary>
    /// <exception cref="InvalidDataException">There are checkpoints, but none is whole.</exception>
    public Checkpoint? ReadNewest(Action<string> report)
    {
        InvalidDataException? refusal = null;
        foreach (var path in Checkpoints(_path))
        {
            try
            {
                var checkpoint = Checkpoint.Read(path);
                LastCheckpoint = path;
                _metrics.SetLength(Math.Min(_metrics.Length, checkpoint.State.MetricsLength));
                _metrics.Seek(0, SeekOrigin.End);
                return checkpoint;
            }
            catch (InvalidDataException exception)
            {
                refusal ??= exception;
                report($"{exception.Message} The generation before it is tried.");
            }
        }
        if (refusal is not null)
            throw new InvalidDataException($"{refusal.Message} No earlier generation in '{_path}' is whole; delete its checkpoints to start again.", refusal);
        _metrics.SetLength(0);
        return null;
    }

    /// <summary>Appends one line to metrics.jsonl and hands it to the system at once.</summary>
    public void Append(TrainingMetrics metrics)
    {
        _metrics.Write([.. JsonSerializer.SerializeToUtf8Bytes(metrics, Json), (byte)'\n']);
        _metrics.Flush();
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>What a killed process left half-written: temporary files, and tensors whose JSON file was not reached.</summary>
    static void RemoveRemains(string path)
    {
        foreach (var file in Directory.GetFiles(path, $"{Prefix}*.tmp"))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(path, $"{Prefix}*.safetensors").Where(file => !File.Exists(Path.ChangeExtension(file, ".json"))))
            File.Delete(file);
    }

    static IEnumerable<string> Checkpoints(string path) =>
        Directory.EnumerateFiles(path, $"{Prefix}*.json").OrderDescending(StringComparer.Ordinal);
}
