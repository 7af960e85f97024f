namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>How the training of an autoencoder went.</summary>
public sealed record InformationVaeResult
{
    /// <summary>The report of each completed epoch, those before a resume included.</summary>
    public required IReadOnlyList<InformationVaeMetrics> Epochs { get; init; }

    /// <summary>Whether the training was cancelled before its last step; the model then has the weights of that step.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Steps done, those before a resume included.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds spent, validation and checkpoints included, and those before a resume.</summary>
    public required double Seconds { get; init; }

    /// <summary>The step at which an earlier run's checkpoint was taken up; null for a fresh start.</summary>
    public long? ResumedFromStep { get; init; }

    /// <summary>A line for the training, and one for each completed epoch.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                FormattableString.Invariant($"{Steps} steps in {Seconds:0.0} s")
                    + (Interrupted ? "; interrupted" : "")
                    + (ResumedFromStep is { } step ? $"; resumed from step {step}" : ""),
                .. Epochs.Select(epoch => $"  {epoch}"),
            ]
        );
}
