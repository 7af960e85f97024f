using System.Globalization;
using NoisyNN.Models.Training.Declarations;

namespace NoisyNN.Models.Training;

/// <summary>The rules between the options, and what of them a checkpoint remembers.</summary>
public abstract partial class TrainingOptions
{
    /// <summary>Checks every field before any work is done.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    internal virtual void Validate()
    {
        ThrowIfInvalid();
        // Other ranks have no folder.
        if (WritesFiles)
            RequireFolder();
        Require(
            Ranks == (ProcessGroup?.Size ?? 1),
            nameof(Ranks),
            Ranks,
            ProcessGroup is null
                ? $"it needs a {nameof(ProcessGroup)} of as many processes; MpiProcessGroup.Join() gives it"
                : $"the {nameof(ProcessGroup)} has {ProcessGroup.Size} processes; make them equal"
        );
        ArgumentNullException.ThrowIfNull(Configuration, "Network");
        // The rest is checked when the rows have decided the sizes.
        if (Configuration.IsOpen)
            Configuration.ValidateStructure();
        else
            Configuration.Validate();
    }

    /// <summary>Whether this process writes what the training writes; of several ranks, the first one does.</summary>
    bool WritesFiles => ProcessGroup is not { Rank: > 0 };

    void RequireFolder()
    {
        Require(
            !Resume || WorkspacePath is not null,
            nameof(Resume),
            Resume,
            $"it needs {nameof(WorkspacePath)}, the folder that holds the checkpoint"
        );
        Require(
            !TensorBoard || WorkspacePath is not null,
            nameof(TensorBoard),
            TensorBoard,
            $"it needs {nameof(WorkspacePath)}, the folder to write to"
        );
        Require(
            CheckpointEverySteps is 0 or DefaultCheckpointSteps || WorkspacePath is not null,
            nameof(CheckpointEverySteps),
            CheckpointEverySteps,
            $"it needs {nameof(WorkspacePath)}, the folder to write to"
        );
        Require(
            WorkspacePath is null || WorkspacePath.Trim().Length > 0,
            nameof(WorkspacePath),
            "\"\"",
            "give a folder, or null to write nothing"
        );
    }

    /// <summary>
    /// A copy that has a seed: its own or, where it has none, this one. On ranks other than the first it writes and reports nothing.
    /// </summary>
    internal TrainingOptions WithSeed(int seed)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.Seed ??= seed;
        if (!WritesFiles)
            (copy.WorkspacePath, copy.MetricsCallback, copy.TensorBoard) = (null, null, false);
        return copy;
    }

    /// <summary>
    /// Every option that decides the outcome, as text per field: what a checkpoint was made with and a resumed run must repeat.
    /// </summary>
    internal SortedDictionary<string, string> Describe()
    {
        var culture = CultureInfo.CurrentCulture;
        // A record's own text follows the culture of the thread; a checkpoint may be read in another one.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return new(
                DeclaredOption
                    .Of(GetType())
                    .Where(option => option.DecidesOutcome)
                    .ToDictionary(option => option.Name, option => option.Text(this)),
                StringComparer.Ordinal
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
