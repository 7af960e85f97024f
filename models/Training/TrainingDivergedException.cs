namespace NoisyNN.Models.Training;

/// <summary>A loss or a gradient was not a finite number. The training stopped before it could spoil a checkpoint.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <inheritdoc/>
    public TrainingDivergedException() { }

    /// <inheritdoc/>
    public TrainingDivergedException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException) { }

    internal TrainingDivergedException(
        string what,
        long step,
        double learningRate,
        IReadOnlyList<string> notFinite,
        (string Name, double Magnitude) largest,
        string remedy,
        string? checkpoint
    )
        : base(
            FormattableString.Invariant(
                $"The {what} at step {step} is not a finite number (learning rate {learningRate:G4}; not finite: {Shorten(notFinite)}; largest weight: {largest.Name}, magnitude {largest.Magnitude:G4}). "
            )
                + remedy
                + (checkpoint is null ? "." : $"; the last good checkpoint is '{checkpoint}'.")
        )
    {
        Step = step;
        LearningRate = learningRate;
        NotFinite = notFinite;
        LargestWeight = largest.Name;
        LargestMagnitude = largest.Magnitude;
        Checkpoint = checkpoint;
    }

    /// <summary>The step, counted from 1, that could not be done.</summary>
    public long Step { get; }

    /// <summary>The rate of that step.</summary>
    public double LearningRate { get; }

    /// <summary>
    /// The weights, and as "gradient of ..." the gradients, that held a value which is not a finite number; empty where only the loss did.
    /// </summary>
    public IReadOnlyList<string> NotFinite { get; } = [];

    /// <summary>The name of the parameter that holds the largest magnitude.</summary>
    public string LargestWeight { get; } = "";

    /// <summary>The largest magnitude among the weights.</summary>
    public double LargestMagnitude { get; }

    /// <summary>The last good checkpoint; null where none was written.</summary>
    public string? Checkpoint { get; }

    static string Shorten(IReadOnlyList<string> names) =>
        names.Count == 0 ? "nothing else" : string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : "");
}
