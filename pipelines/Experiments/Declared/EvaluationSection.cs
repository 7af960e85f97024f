using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The evaluation after training.</summary>
/// <param name="Batches">Batch sizes of the protocol; 1, 10 and 64 when left out.</param>
/// <param name="Leak">Noise that the first network gets at inference only, to show the effect of the order of the test rows.</param>
/// <param name="Baseline">
/// Whether to train a vanilla network with the same budget, too: one without the noise, or an autoencoder with the Gaussian posterior.
/// </param>
/// <param name="Shuffles">The number of shuffled orders of the test rows to average.</param>
/// <param name="Draws">
/// Draws of the code for the importance-weighted bound of a test row of an autoencoder; 0 leaves it out. 50 when left out.
/// </param>
public sealed record EvaluationSection(
    IReadOnlyList<int> Batches,
    LeakSection? Leak = null,
    bool Baseline = true,
    [Range(1, 1000)] int Shuffles = 5,
    [Range(0, 100_000)] int? Draws = null
)
{
    /// <summary>The draws where the file gives none.</summary>
    internal const int DefaultDraws = 50;

    /// <inheritdoc cref="EvaluationSection"/>
    public IReadOnlyList<int> Batches { get; } =
        Batches.All(batch => batch > 0)
            ? Batches.Count > 0
                ? Batches
                : [1, 10, 64]
            : throw new ArgumentOutOfRangeException(nameof(Batches), $"batch sizes must be at least 1, got {string.Join(", ", Batches)}");
}
