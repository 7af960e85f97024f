using System.Globalization;
using Microsoft.ML;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Models.Training;

/// <summary>The rules between the options, and what of them a checkpoint remembers.</summary>
public abstract partial class TrainingOptions
{
    /// <summary>Checks every field before any work is done.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    internal virtual void Validate()
    {
        ThrowIfInvalid();
        Require(
            ScoreColumnName != PredictedLabelColumnName,
            nameof(PredictedLabelColumnName),
            PredictedLabelColumnName,
            $"it must differ from {nameof(ScoreColumnName)}"
        );
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
        Require(
            PretrainedPath is null || File.Exists(PretrainedPath),
            nameof(PretrainedPath),
            $"'{PretrainedPath}'",
            "there is no such file"
        );
        ArgumentNullException.ThrowIfNull(Configuration, "Network");
        // The rest is checked when the rows have decided the sizes.
        if (Configuration.IsOpen)
            Configuration.ValidateStructure();
        else
            Configuration.Validate();
    }

    /// <summary>A copy that has a seed: its own or, where it has none, this one.</summary>
    internal TrainingOptions WithSeed(int seed)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.Seed ??= seed;
        return copy;
    }

    /// <summary>What a network trained for these labels appends.</summary>
    internal DataViewSchema.DetachedColumn[] OutputColumns(KeyColumn label) =>
        [
            ScoreColumns.Score(ScoreColumnName, label.Labels),
            ScoreColumns.PredictedLabel(PredictedLabelColumnName, label.Count, label.KeyValues),
        ];

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
