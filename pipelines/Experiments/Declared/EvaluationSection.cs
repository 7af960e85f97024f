using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The evaluation after training.</summary>
/// <param name="Batches">Batch sizes of a classifier's protocol; 1, 10 and 64 when left out.</param>
/// <param name="Leak">Noise that the first network gets at inference only, to show the effect of the order of the test rows.</param>
/// <param name="Baseline">
/// Whether to train a vanilla network with the same budget, too: one without the noise, or an autoencoder with the Gaussian posterior.
/// </param>
/// <param name="Shuffles">The number of shuffled orders of a classifier's test rows to average; 5 when left out.</param>
/// <param name="Draws">
/// Draws of the code for the importance-weighted bound of a test row of an autoencoder; 0 leaves it out. 50 when left out.
/// </param>
public sealed record EvaluationSection(
    IReadOnlyList<int> Batches,
    LeakSection? Leak = null,
    bool Baseline = true,
    [Range(1, 1000)] int? Shuffles = null,
    [Range(0, 100_000)] int? Draws = null
)
{
    const int DefaultShuffles = 5,
        DefaultDraws = 50;

    static readonly int[] s_defaultBatches = [1, 10, 64];

    /// <inheritdoc cref="EvaluationSection"/>
    public IReadOnlyList<int> Batches { get; } =
        Batches.All(batch => batch > 0)
            ? Batches
            : throw new ArgumentOutOfRangeException(nameof(Batches), $"batch sizes must be at least 1, got {string.Join(", ", Batches)}");

    /// <summary>The section with the defaults of a classifier.</summary>
    /// <exception cref="ArgumentException">It has a key that only an autoencoder reads.</exception>
    internal EvaluationSection OfClassifier() =>
        Draws is null
            ? new(Batches.Count > 0 ? Batches : s_defaultBatches, Leak, Baseline, Shuffles ?? DefaultShuffles)
            : throw new ArgumentException(
                "evaluation.draws are those of an autoencoder's codes (network.architecture: information-vae); leave them out",
                nameof(Experiment.Evaluation)
            );

    /// <summary>The section with the defaults of an autoencoder.</summary>
    /// <exception cref="ArgumentException">It has a key that only a classifier reads.</exception>
    internal EvaluationSection OfAutoencoder()
    {
        return Leak is not null ? throw Refuse("class to leak", "leak")
            : Batches.Count > 0 ? throw Refuse("protocol of batches", "batches")
            : Shuffles is not null ? throw Refuse("protocol of shuffled orders", "shuffles")
            : new(Batches, Leak: null, Baseline, Shuffles: null, Draws ?? DefaultDraws);

        static ArgumentException Refuse(string what, string key) =>
            new(
                $"an autoencoder (network.architecture: information-vae) has no {what}; leave evaluation.{key} out",
                nameof(Experiment.Evaluation)
            );
    }
}
