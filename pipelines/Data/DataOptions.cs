using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data;

/// <summary>How a data set is split and how much of it is used.</summary>
public record DataOptions
{
    /// <summary>
    /// The share of the training rows that is cut off for validation, if the data set has no validation split of its own.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>
    /// A fold of the training rows that takes the place of the test rows; null to judge on the data set's own, or on those that a fraction
    /// cuts off.
    /// </summary>
    public DataFold? Fold { get; init; }

    /// <summary>Decides which rows the cuts and limits choose, and nothing else.</summary>
    public int Seed { get; init; }

    /// <summary>The most training rows to use, chosen class by class; null for all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>The most validation rows to use, chosen class by class; null for all.</summary>
    public int? ValidationLimit { get; init; }

    /// <summary>The most test rows to use, chosen class by class; null for all.</summary>
    public int? TestLimit { get; init; }

    /// <summary>The folder with a manifest's files; null leaves it to <see cref="FileLocator"/>.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Stops loading.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal virtual void Validate()
    {
        if (!(ValidationFraction >= 0 && ValidationFraction < 1))
            throw new ArgumentOutOfRangeException(
                nameof(ValidationFraction),
                ValidationFraction,
                "The validation fraction must be at least 0 and below 1."
            );
        foreach (
            var (name, limit) in new[]
            {
                (nameof(TrainLimit), TrainLimit),
                (nameof(ValidationLimit), ValidationLimit),
                (nameof(TestLimit), TestLimit),
            }
        )
            if (limit < 1)
                throw new ArgumentOutOfRangeException(name, limit, $"{name} must be at least 1; leave it out for all rows.");
    }
}
