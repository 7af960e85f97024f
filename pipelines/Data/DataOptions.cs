using System.ComponentModel.DataAnnotations;
using System.Reflection;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Transforms;

namespace NoisyNN.Pipelines.Data;

/// <summary>The splits of a data set, and limits on its rows.</summary>
public record DataOptions
{
    /// <summary>
    /// The share of the training rows of each class that is held out for validation, if the data have no validation rows of their own.
    /// </summary>
    [Option(OptionEffect.Outcome), Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>
    /// The fold of the training rows that takes the place of the test rows. Null to judge on the test rows of the data set or, if it has
    /// none, on a held-out share.
    /// </summary>
    public DataFold? Fold { get; init; }

    /// <summary>The seed that decides which rows the splits and limits choose.</summary>
    public int Seed { get; init; }

    /// <summary>The most training rows to use, chosen class by class; all when left out.</summary>
    [Option(OptionEffect.Outcome, Unit = "rows", Remedy = "leave it out for all rows"), Range(1, int.MaxValue)]
    public int? TrainLimit { get; init; }

    /// <summary>The most validation rows to use, chosen class by class; all when left out.</summary>
    [Option(OptionEffect.Outcome, Unit = "rows", Remedy = "leave it out for all rows"), Range(1, int.MaxValue)]
    public int? ValidationLimit { get; init; }

    /// <summary>The most test rows to use, chosen class by class; all when left out.</summary>
    [Option(OptionEffect.Outcome, Unit = "rows", Remedy = "leave it out for all rows"), Range(1, int.MaxValue)]
    public int? TestLimit { get; init; }

    /// <summary>The folder with a manifest's files; null leaves it to <see cref="FileLocator"/>.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Stops loading.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Checks each value against the range that its property declares.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal virtual void Validate()
    {
        foreach (var property in GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range || range.IsValid(property.GetValue(this)))
                continue;
            var remedy = property.GetCustomAttribute<OptionAttribute>()?.Remedy is { } clause ? $"; {clause}" : "";
            throw new ArgumentOutOfRangeException(
                property.Name,
                property.GetValue(this),
                $"{property.Name} must be {DeclaredRange.Words(range)}{remedy}."
            );
        }
    }
}
