using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// The file <c>trials.jsonl</c> of a run: a line for each trial. It follows from the files of the trials and can be made again at any time.
/// Safe to use from several threads.
/// </summary>
/// <param name="folder">The run.</param>
public sealed class TrialTable(SweepFolder folder)
{
    /// <summary>Its name in the folder of the run.</summary>
    public const string FileName = "trials.jsonl";

    readonly Lock _lock = new();
    readonly TrialRow[] _rows = [.. folder.Tasks.Select(trial => TrialRow.Of(folder, trial))];

    /// <summary>The rows, in the order of the trials.</summary>
    public IReadOnlyList<TrialRow> Rows => _rows;

    /// <summary>How many trials have ended: they are complete, or were stopped early.</summary>
    public int Ended => _rows.Count(row => row.State is TrialState.Complete or TrialState.Stopped);

    /// <summary>The trials that have not ended.</summary>
    public IReadOnlyList<Trial> Open =>
        [.. folder.Tasks.Where(trial => _rows[trial.Index].State is not (TrialState.Complete or TrialState.Stopped))];

    /// <summary>Reads the files of one trial again, and writes the table.</summary>
    public TrialRow Update(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var row = TrialRow.Of(folder, trial);
        lock (_lock)
        {
            _rows[trial.Index] = row;
            Write();
        }
        return row;
    }

    /// <summary>Writes the table.</summary>
    public void Write() =>
        AtomicFile.WriteText(Path.Combine(folder.Path, FileName), string.Concat(_rows.Select(row => $"{row.ToJson()}\n")));
}
