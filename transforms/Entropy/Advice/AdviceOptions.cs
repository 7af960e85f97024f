using System.Runtime.CompilerServices;
using Microsoft.ML;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>The settings for a comparison of noises before any training.</summary>
public sealed record AdviceOptions
{
    /// <summary>The fewest blocks for an interval.</summary>
    public const int MinimumBlocks = 5;

    /// <summary>
    /// The noises to rank; null for those of <see cref="NoiseCandidates"/>, in strengths relative to the column's own scale.
    /// </summary>
    public IReadOnlyList<NoiseDefinition>? Candidates { get; init; }

    /// <summary>Disjoint blocks of rows, each of which gives one difference. Null for 20, or fewer if there are few rows.</summary>
    public int? Blocks
    {
        get;
        init => field = value is null ? null : AtLeast(value.Value, MinimumBlocks);
    }

    /// <summary>The most rows of one block. The time for an entropy grows with the cube of it.</summary>
    public int RowsPerBlock
    {
        get;
        init => field = AtLeast(value, 8);
    } = 256;

    /// <summary>The probability, over all candidates together, that every interval covers its expected change.</summary>
    public double Confidence
    {
        get;
        init => field = Share(value);
    } = 0.95;

    /// <summary>Rows per batch for noise across the batch. The rows of a block are in random order.</summary>
    public int BatchSize
    {
        get;
        init => field = AtLeast(value, 1);
    } = 16;

    /// <summary>The rule for σ. It is applied once, to the rows without noise.</summary>
    public Bandwidth Bandwidth
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Bandwidth));
    } = Bandwidth.MedianDistance;

    /// <summary>t, the power of the eigenvalues.</summary>
    public double Power { get; init; } = 1;

    /// <summary>The seed of the choice of rows, of the noise, and of the random subsets that classes are compared with.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// A network behind the column. The noise is put on the column, and the entropy is measured on <see cref="MeasuredColumnName"/>. Null
    /// measures the column itself.
    /// </summary>
    public ITransformer? Network { get; init; }

    /// <summary>The network's output to measure, a known-size vector of Single.</summary>
    public string? MeasuredColumnName { get; init; }

    static int AtLeast(int value, int minimum, [CallerMemberName] string name = "") =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}. Give at least {minimum}.");

    static double Share(double value, [CallerMemberName] string name = "") =>
        value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value:R}. Give a number between 0 and 1, such as 0.95.");
}
