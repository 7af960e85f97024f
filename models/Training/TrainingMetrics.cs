namespace NoisyNN.Models.Training;

/// <summary>One report of a training in progress: within an epoch, or at its end, when <see cref="EpochCompleted"/> is set.</summary>
public sealed record TrainingMetrics
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epochs that there will be.</summary>
    public required int EpochCount { get; init; }

    /// <summary>Steps done, over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>The steps that there will be.</summary>
    public required long StepCount { get; init; }

    /// <summary>Whether the epoch ended with this report.</summary>
    public bool EpochCompleted { get; init; }

    /// <summary>The mean training loss (label smoothing and noise included) since the last report, or over the epoch at its end.</summary>
    public required double Loss { get; init; }

    /// <summary>
    /// What each layer added to the loss besides the cross entropy, before its weight: with Information Dropout the mean KL of the layer,
    /// nats per row, which is known up to a constant alone. Null where no layer adds anything.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Penalties { get; init; }

    /// <summary>The rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training images per second since the last report, or over the epoch at its end, validation not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>
    /// The share of that time in which the step waited for its rows. In steady state it is near 0; otherwise the loading threads do not
    /// keep up.
    /// </summary>
    public double WaitingShare { get; init; }

    /// <summary>The share of training rows classified right, as they went by, with noise; at the end of an epoch only.</summary>
    public double? TrainingAccuracy { get; init; }

    /// <summary>
    /// The share of validation rows classified right, without any noise; null without a validation set or within an epoch.
    /// </summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// The mean loss of the validation rows, nats: of a classifier the cross entropy without label smoothing and noise, of an autoencoder
    /// the bound with its sign changed. Null without a validation set or within an epoch.
    /// </summary>
    public double? ValidationLoss { get; init; }

    /// <summary>E ln p(x|z) of an autoencoder, nats per row, as rows went by; null for a classifier.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>
    /// KL(p(z|x) ‖ p(z)) of an autoencoder, nats per row: the information that the code carries, and what it costs to be unlike the prior.
    /// Null for a classifier.
    /// </summary>
    public double? Divergence { get; init; }

    /// <summary>
    /// The evidence lower bound of an autoencoder, nats per row: <see cref="LogLikelihood"/> - <see cref="Divergence"/>. Null for a
    /// classifier.
    /// </summary>
    public double? Bound => LogLikelihood - Divergence;

    /// <summary>The bound of the validation rows, nats per row; null for a classifier, or without a validation set.</summary>
    public double? ValidationBound => Bound is null ? null : -ValidationLoss;

    /// <summary>
    /// What was measured of the network's layers at the end of the epoch, and with the first epoch before it; null if nothing was.
    /// </summary>
    public IReadOnlyList<LayerMeasurement>? Measured { get; init; }

    /// <summary>The seconds that these measurements took; they are part of <see cref="ElapsedSeconds"/>.</summary>
    public double? MeasuringSeconds { get; init; }

    /// <summary>Seconds of training so far, those before a resume included.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Seconds until the last epoch ends at the present speed.</summary>
    public required double RemainingSeconds { get; init; }

    /// <summary>"epoch 2 of 5, step 40 of 100: loss 0.4310, validation accuracy 0.8800, 1200 images/s"</summary>
    public override string ToString() =>
        FormattableString.Invariant($"epoch {Epoch} of {EpochCount}, step {Step} of {StepCount}: loss {Loss:0.0000}")
        + (TrainingAccuracy is { } training ? FormattableString.Invariant($", training accuracy {training:0.0000}") : "")
        + (ValidationAccuracy is { } validation ? FormattableString.Invariant($", validation accuracy {validation:0.0000}") : "")
        + (ValidationLoss is { } loss ? FormattableString.Invariant($", validation loss {loss:0.0000}") : "")
        + (Bound is { } bound ? FormattableString.Invariant($", bound {bound:0.00} nats, divergence {Divergence:0.00}") : "")
        + string.Concat(
            (Penalties ?? new Dictionary<string, double>()).Select(penalty =>
                FormattableString.Invariant($", {penalty.Key} {penalty.Value:0.0000}")
            )
        )
        + FormattableString.Invariant($", {ImagesPerSecond:0} images/s");
}
