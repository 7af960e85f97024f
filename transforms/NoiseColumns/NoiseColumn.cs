using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns.Values;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>A column of a schema with a noise on it. The column is found and checked, and can make getters.</summary>
abstract class NoiseColumn
{
    private protected NoiseColumn(DataViewSchema.Column input, string outputName, NoiseEstimator.Options options)
    {
        Input = input;
        Noise = options.Noise!;
        Output = NoiseAnnotations.Describe(outputName, input.Type, options, input.Annotations);
        var earlierNoises = NoiseAnnotations.CountOf(input.Annotations);
        var place = earlierNoises == 0 ? outputName : $"{outputName}\n{earlierNoises}";
        Seed = Key(options, place);
        Choice = new(Key(options, $"{place}\0rows"), options.RowProbability);
    }

    public DataViewSchema.Column Input { get; }

    public DataViewSchema.DetachedColumn Output { get; }

    public NoiseDefinition Noise { get; }

    /// <summary>The key of the kernel's random numbers.</summary>
    public ulong Seed { get; }

    /// <summary>Which rows take the noise.</summary>
    public RowChoice Choice { get; }

    /// <summary>All the columns of an estimator's options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a type that cannot take the noise, or lacks the axis that is
    /// mixed.</exception>
    /// <exception cref="InvalidOperationException">The mixing is singular over the column's axis.</exception>
    public static NoiseColumn[] FindAll(DataViewSchema schema, NoiseEstimator.Options options) =>
        [.. options.Pairs.Select(pair => Find(schema, pair, options))];

    /// <summary>A getter that leaves the column as it is.</summary>
    public abstract Delegate CreateIdentityGetter(DataViewRow row);

    /// <summary>A getter that puts the noise on each row separately.</summary>
    public abstract Delegate CreateNoiseGetter(DataViewRow row);

    static NoiseColumn Find(DataViewSchema schema, InputOutputColumnPair pair, NoiseEstimator.Options options)
    {
        var input =
            schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Could not find input column '{pair.InputColumnName}'. The view has "
                    + $"{string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}."
            );
        if (NoiseInput.Refusal(input.Type, options) is { } refusal)
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for input column '{input.Name}' of type {input.Type}: {refusal}"
            );
        try
        {
            return input.Type is ImageDataViewType
                ? new ImageNoiseColumn(input, pair.OutputColumnName, options)
                : new VectorNoiseColumn(input, pair.OutputColumnName, options);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Column '{input.Name}': {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The seed and, as the second word, a hash of a name. Two columns, or two noises on one column, must not get the same numbers.
    /// </summary>
    static ulong Key(NoiseEstimator.Options options, string name) => (uint)options.Seed!.Value | (ulong)Hash(name) << 32;

    /// <summary>FNV-1a, 32 bits: unlike string.GetHashCode, the same in every process.</summary>
    static uint Hash(string text) => text.Aggregate(2166136261u, (hash, character) => unchecked((hash ^ character) * 16777619u));
}
