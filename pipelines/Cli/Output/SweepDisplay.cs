using System.Diagnostics;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Shows several trials on one terminal. Each lasting line begins with the name of its trial; one changing line shows the progress of those
/// that run.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="showsEveryLine">Whether to show what a trial says; otherwise only how it ended.</param>
sealed class SweepDisplay(Terminal terminal, bool showsEveryLine) : ISweepObserver
{
    readonly Lock _lock = new();
    readonly Dictionary<Trial, string> _status = [];
    readonly Stopwatch _clock = Stopwatch.StartNew();
    int _ended;

    public void Note(string line)
    {
        lock (_lock)
            terminal.Note(line);
    }

    public void Note(Trial trial, string line)
    {
        if (showsEveryLine)
            Note($"{trial.Title}: {line.Trim()}");
    }

    public void Ended(Trial trial, int complete, int trials, string line)
    {
        // Of trials that were complete before, the time is unknown.
        var ended = Interlocked.Increment(ref _ended);
        var left = _clock.Elapsed.TotalSeconds / ended * (trials - complete);
        Note($"{complete}/{trials}  {trial.Title}: {line}{(complete < trials ? $", about {Terminal.Duration(left)} left for all" : "")}");
    }

    public void Status(Trial trial, string? line)
    {
        lock (_lock)
        {
            if (line is null)
                _status.Remove(trial);
            else
                _status[trial] = line;
            if (_status.Count == 0)
                terminal.ClearStatus();
            else
                terminal.Status(() => "  " + string.Join(" | ", _status.Select(status => $"{status.Key.Title}: {status.Value}")));
        }
    }
}
