using System.Diagnostics;
using NoisyNN.Pipelines.Data.Downloads;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Shows a download on the terminal: the file, the bytes of all files, the rate and the time left.</summary>
sealed class DownloadDisplay(Terminal terminal) : IDownloadObserver
{
    readonly Stopwatch _clock = new();
    readonly Dictionary<string, long> _present = [];
    long _total,
        _received;

    public void Note(string line) => terminal.Note(line);

    public void Begin(long bytes)
    {
        _total = bytes;
        _clock.Start();
    }

    public void Progress(ManifestFile file, long present, long received)
    {
        _present[file.Id] = present;
        _received += received;
        if (received > 0)
            terminal.Status(() => Line(file.Name, _present.Values.Sum(), _total, _received / _clock.Elapsed.TotalSeconds));
    }

    /// <summary>Formats a line of progress.</summary>
    /// <param name="name">The current file.</param>
    /// <param name="present">Bytes of all files that are on the disk.</param>
    /// <param name="total">Bytes of all files.</param>
    /// <param name="rate">Bytes per second.</param>
    internal static string Line(string name, long present, long total, double rate) =>
        FormattableString.Invariant($"  {name}  {present / 1e6:0.0} of {total / 1e6:0.0} MB  {rate / 1e6:0.0} MB/s  ")
        + $"{Terminal.Duration((total - present) / Math.Max(rate, 1))} left";
}
