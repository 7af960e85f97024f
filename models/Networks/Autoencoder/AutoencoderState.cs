using NoisyNN.Models.Training.Checkpoints;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>The state of an autoencoder's training.</summary>
sealed record AutoencoderState : CheckpointState
{
    /// <summary>Sums over the rows of the epoch in progress, nats.</summary>
    public required double LogLikelihood { get; init; }

    public required double Divergence { get; init; }

    public required IReadOnlyList<InformationVaeMetrics> Epochs { get; init; }
}
