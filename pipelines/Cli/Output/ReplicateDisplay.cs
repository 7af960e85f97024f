using NoisyNN.Pipelines.Experiments.Replicates;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Shows several replicates on one terminal. Each lasting line begins with the name of its replicate; one changing line shows the
/// progress of all.
/// </summary>
sealed class ReplicateDisplay(Terminal terminal) : IReplicateObserver
{
    readonly Lock _lock = new();
    readonly Dictionary<Replicate, string> _status = [];

    public void Note(string line)
    {
        lock (_lock)
            terminal.Note(line);
    }

    public void Note(Replicate replicate, string line) => Note($"{replicate.Title}: {line.Trim()}");

    public void Status(Replicate replicate, string? line)
    {
        lock (_lock)
        {
            if (line is null)
                _status.Remove(replicate);
            else
                _status[replicate] = line;
            if (_status.Count == 0)
                terminal.ClearStatus();
            else
                terminal.Status(() => "  " + string.Join(" | ", _status.Select(status => $"{status.Key.Title}: {status.Value}")));
        }
    }
}
