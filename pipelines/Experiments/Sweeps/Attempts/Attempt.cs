namespace NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

/// <summary>
/// The right of one process to work on a trial. Attempts are numbered files, <c>0007-1.json</c>, <c>0007-2.json</c>, and the last one counts.
/// Whoever creates the next number has it: a file system creates a file once, so of several processes one succeeds. The owner renews its file
/// at an interval. A process that finds the file too old creates the next number; an owner that was only slow sees it and stops.
/// </summary>
/// <remarks>No lock of the file system is needed, and clocks of machines may differ (<see cref="FolderClock"/>).</remarks>
public sealed class Attempt : IDisposable
{
    readonly Lock _lock = new();
    readonly CancellationTokenSource _lost = new();
    readonly string _folder,
        _trial;
    readonly Action<string> _note;
    readonly Timer _timer;
    AttemptRecord _record;
    bool _isEnded;

    Attempt(string folder, string trial, int number, AttemptRecord record, AttemptTiming timing, Action<string> note)
    {
        (_folder, _trial, Number, _record, _note) = (folder, trial, number, record, note);
        _timer = new Timer(_ => Renew(), null, timing.Interval, timing.Interval);
    }

    /// <summary>Its number, from 1.</summary>
    public int Number { get; }

    /// <summary>Cancelled when another process has taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Begins the next attempt.</summary>
    /// <param name="folder">The folder of the attempts of all trials; it is created.</param>
    /// <param name="trial">The name of the trial's files.</param>
    /// <param name="timing">How often to renew, and when an attempt counts as dead.</param>
    /// <param name="note">Hears of a heartbeat that could not be written. It is called on another thread.</param>
    /// <returns>Null if another process is working on the trial.</returns>
    public static Attempt? TryBegin(string folder, string trial, AttemptTiming timing, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(timing);
        Directory.CreateDirectory(folder);
        while (true)
        {
            var number = CountOf(folder, trial);
            if (number > 0 && IsAlive(folder, trial, number, timing))
                return null;
            var now = DateTimeOffset.UtcNow;
            var record = new AttemptRecord(AttemptState.Running, ProcessIdentity.Current, now, now);
            if (TryCreate(PathOf(folder, trial, number + 1), record))
                return new Attempt(folder, trial, number + 1, record, timing, note);
        }
    }

    /// <summary>How many attempts there were, and what the last one says; null if it says nothing yet, or there was none.</summary>
    public static (int Count, AttemptRecord? Last) Find(string folder, string trial)
    {
        var count = CountOf(folder, trial);
        return (count, count == 0 ? null : AttemptRecord.Read(PathOf(folder, trial, count)));
    }

    /// <summary>Whether a process is working on the last attempt, as far as anybody knows.</summary>
    public static bool IsAlive(string folder, string trial, AttemptTiming timing) =>
        CountOf(folder, trial) is > 0 and var number && IsAlive(folder, trial, number, timing);

    /// <summary>Writes down how the attempt ended, unless another process has taken over.</summary>
    public void End(AttemptState state, string? cause = null)
    {
        lock (_lock)
        {
            if (_isEnded)
                return;
            _isEnded = true;
            if (IsTakenOver)
                return;
            _record = _record with { State = state, Heartbeat = DateTimeOffset.UtcNow, Cause = cause };
            _record.Write(PathOf(_folder, _trial, Number));
        }
    }

    /// <summary>Ends the attempt as interrupted unless it has ended.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        try
        {
            End(AttemptState.Interrupted);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // The attempt then counts as dead after the time that others wait.
            _note($"the end of the attempt could not be written: {full.Message}");
        }
        _lost.Dispose();
    }

    bool IsTakenOver => File.Exists(PathOf(_folder, _trial, Number + 1));

    void Renew()
    {
        lock (_lock)
        {
            if (_isEnded)
                return;
            try
            {
                if (IsTakenOver)
                {
                    _lost.Cancel();
                    return;
                }
                _record = _record with { Heartbeat = DateTimeOffset.UtcNow };
                _record.Write(PathOf(_folder, _trial, Number));
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // The next one may succeed; if none does, another process takes over.
                _note($"the heartbeat could not be written: {failed.Message}");
            }
        }
    }

    static bool IsAlive(string folder, string trial, int number, AttemptTiming timing)
    {
        var path = PathOf(folder, trial, number);
        var record = AttemptRecord.Read(path);
        return record is not { State: not AttemptState.Running }
            && record?.Process.HasEnded != true
            && FolderClock.Now(folder) - File.GetLastWriteTimeUtc(path) < timing.StaleAfter;
    }

    static bool TryCreate(string path, AttemptRecord record)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            file.Write(System.Text.Encoding.UTF8.GetBytes(record.ToJson()));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    static int CountOf(string folder, string trial)
    {
        var count = 0;
        while (File.Exists(PathOf(folder, trial, count + 1)))
            count++;
        return count;
    }

    static string PathOf(string folder, string trial, int number) =>
        Path.Combine(folder, FormattableString.Invariant($"{trial}-{number}.json"));
}
