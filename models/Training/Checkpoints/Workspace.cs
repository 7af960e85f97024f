using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>
/// A training's folder: its checkpoints, of which the newest two are kept, and <c>metrics.jsonl</c>, one JSON object per report.
/// </summary>
sealed class Workspace : IDisposable
{
    const string Prefix = "checkpoint-";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

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
    /// <exception cref="InvalidOperationException">The folder holds a training that <paramref name="resume"/> does not want to go on
    /// with.</exception>
    public static Workspace Open(string path, bool resume)
    {
        FileStream? metrics = null;
        path = Path.GetFullPath(path);
        var metricsPath = OutputPlace.RequireFile(Path.Combine(path, "metrics.jsonl"));
        try
        {
            Directory.CreateDirectory(path);
            if (!resume && Checkpoints(path).FirstOrDefault() is { } newest)
                throw new InvalidOperationException(
                    $"The folder '{path}' already holds a training ('{Path.GetFileName(newest)}'). Set Resume to go on "
                        + "with it, or give another WorkspacePath."
                );
            // Without a buffer: what a full disk did not take must not be tried again when the file is closed.
            metrics = new FileStream(metricsPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (!resume)
                metrics.SetLength(0);
            RemoveRemains(path);
            return new Workspace(path, metrics);
        }
        catch (Exception exception) when (WriteFailure.Is(exception))
        {
            metrics?.Dispose();
            throw new IOException(
                $"The folder '{path}' (WorkspacePath) cannot be written to: {Reason(path, exception)} Or give another WorkspacePath.",
                exception
            );
        }
    }

    /// <summary>Writes a generation, then removes all but it and the one before.</summary>
    /// <exception cref="IOException">It could not be written; the message names it, the remedy and the one before, which is
    /// whole.</exception>
    public void Write(CheckpointState state, IReadOnlyList<KeyValuePair<string, TorchSharp.torch.Tensor>> tensors)
    {
        var path = Path.Combine(_path, $"{Prefix}{state.Step:D9}.json");
        Writing(
            $"The checkpoint '{path}' could not be written",
            () =>
            {
                _metrics.Flush(flushToDisk: true);
                Checkpoint.Write(path, state with { MetricsLength = _metrics.Length }, tensors);
            }
        );
        LastCheckpoint = path;
        Writing(
            $"The checkpoints in '{_path}' that are no longer needed could not be removed",
            () =>
            {
                foreach (var old in Checkpoints(_path).Skip(2).ToList())
                    Checkpoint.Delete(old);
            }
        );
    }

    /// <summary>
    /// The newest checkpoint that is whole, of the training that is to go on; null where there is none at all. Each one that is refused is
    /// reported.
    /// </summary>
    /// <param name="task">What the network learns.</param>
    /// <param name="options">What the training's options are now.</param>
    /// <param name="dataHash">What its rows are now.</param>
    /// <param name="channel">Hears of what is refused.</param>
    /// <exception cref="InvalidDataException">There are checkpoints, but none is whole.</exception>
    /// <exception cref="ArgumentException">The checkpoint is that of another training.</exception>
    public Checkpoint? Resume(string task, IReadOnlyDictionary<string, string> options, string dataHash, IChannel channel)
    {
        var checkpoint = ReadNewest(channel);
        try
        {
            if (checkpoint is null)
                channel.Info(MessageSensitivity.None, "There is no checkpoint to resume from; the training starts at its first step.");
            else
                ThrowIfAnotherTraining(checkpoint.State, task, options, dataHash);
            Writing(
                $"The reports in '{_metrics.Name}' could not be cut to those of the checkpoint",
                () => _metrics.SetLength(Math.Min(_metrics.Length, checkpoint?.State.MetricsLength ?? 0))
            );
            _metrics.Seek(0, SeekOrigin.End);
            return checkpoint;
        }
        catch
        {
            checkpoint?.Dispose();
            throw;
        }
    }

    /// <summary>Appends one line to metrics.jsonl and hands it to the system at once.</summary>
    /// <exception cref="IOException">It could not be written; the message names the remedy and the last checkpoint, which is
    /// whole.</exception>
    public void Append<TMetrics>(TMetrics metrics) =>
        Writing(
            $"The report in '{_metrics.Name}' could not be written",
            () => _metrics.Write([.. JsonSerializer.SerializeToUtf8Bytes(metrics, Json), (byte)'\n'])
        );

    /// <summary>Does what may fail for want of room or rights, and says then what is not lost.</summary>
    /// <param name="failure">What is said then, as the beginning of a sentence: what could not be done.</param>
    /// <param name="write">What may fail.</param>
    /// <exception cref="IOException">It failed; the message names what, the remedy and the last checkpoint.</exception>
    public void Writing(string failure, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (WriteFailure.Is(exception))
        {
            throw new IOException(
                $"{failure}: {Reason(_path, exception)} "
                    + (LastCheckpoint is null ? "Then start again." : $"Then resume: the checkpoint before, '{LastCheckpoint}', is whole."),
                exception
            );
        }
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>What a killed process left half-written: temporary files, and tensors whose JSON file was not reached.</summary>
    static void RemoveRemains(string path)
    {
        foreach (var file in Directory.GetFiles(path, $"{Prefix}*.tmp"))
            TemporaryFile.RemoveUnlessInUse(file);
        foreach (
            var file in Directory.GetFiles(path, $"{Prefix}*.safetensors").Where(file => !File.Exists(Path.ChangeExtension(file, ".json")))
        )
            File.Delete(file);
    }

    Checkpoint? ReadNewest(IChannel channel)
    {
        InvalidDataException? refusal = null;
        foreach (var path in Checkpoints(_path))
        {
            try
            {
                var checkpoint = Checkpoint.Read(path);
                LastCheckpoint = path;
                return checkpoint;
            }
            catch (InvalidDataException exception)
            {
                refusal ??= exception;
                channel.Warning(MessageSensitivity.None, "{0}", $"{exception.Message} The generation before it is tried.");
            }
        }
        return refusal is null
            ? null
            : throw new InvalidDataException(
                $"{refusal.Message} No earlier generation in '{_path}' is whole; delete its checkpoints to start again.",
                refusal
            );
    }

    void ThrowIfAnotherTraining(CheckpointState state, string task, IReadOnlyDictionary<string, string> options, string dataHash)
    {
        if (state.Task != task)
            throw new ArgumentException(
                $"The checkpoint '{LastCheckpoint}' belongs to a training of another kind: it learned {state.Task}, "
                    + $"this one learns {task}. "
                    + "Resume with the trainer that wrote it, or start in another WorkspacePath."
            );
        foreach (var (name, value) in options)
            if (state.Options.GetValueOrDefault(name) is var before && before != value)
                throw new ArgumentException(
                    $"The checkpoint '{LastCheckpoint}' was made with {name} = {before ?? "nothing"}, this training has {value}. "
                        + "Resume with the same options, or start in another WorkspacePath."
                );
        if (state.DataHash != dataHash)
            throw new ArgumentException(
                $"The checkpoint '{LastCheckpoint}' was made with other rows. Resume with the same training and "
                    + "validation rows in the same order, or start in another WorkspacePath."
            );
    }

    static string Reason(string folder, Exception exception) =>
        WriteFailure.Explain(folder, exception)
        ?? exception switch
        {
            UnauthorizedAccessException => $"the system denies writing in '{folder}'. Allow writing there.",
            // What was written as a file of its own has its remedy already.
            { InnerException: not null } => exception.Message,
            _ => $"{exception.Message.TrimEnd('.')}. Allow writing in '{folder}'.",
        };

    static IEnumerable<string> Checkpoints(string path) =>
        Directory.EnumerateFiles(path, $"{Prefix}*.json").OrderDescending(StringComparer.Ordinal);
}
