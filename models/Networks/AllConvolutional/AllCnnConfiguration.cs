using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>
/// The sizes of an <see cref="AllCnn"/>. The defaults are the published network for CIFAR-10, for 28 x 28 grey images: two blocks of 96 and
/// 192 filters.
/// </summary>
public sealed record AllCnnConfiguration : ImageNetworkConfiguration
{
    /// <summary>The filters of each block at 100 percent. Every block halves the image, rounded up.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [96, 192];

    /// <summary>The percentage of the filters that is used, rounded down. The published comparison runs from 25 to 100.</summary>
    [Range(1, 100)]
    public int FilterPercentage { get; init; } = 100;

    /// <summary>The share of input pixels that binary dropout keeps while training; 1 switches it off.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double InputKeepProbability { get; init; } = 0.8;

    /// <summary>The noise at the end of each block.</summary>
    public InformationDropoutConfiguration Dropout { get; init; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Architecture => "all-cnn";

    /// <inheritdoc/>
    [JsonIgnore]
    public override long ParameterCount
    {
        get
        {
            var (count, inputs) = (0L, Channels);
            foreach (var width in BlockWidths)
            {
                count += Convolution(inputs, width, 3) + 2 * Convolution(width, width, 3) + NoiseParameters(width);
                inputs = width;
            }
            count += Convolution(inputs, inputs, 3) + Convolution(inputs, inputs, 1) + Convolution(inputs, ClassCount, 1);
            return count + (ClassCount + 1) * (long)ClassCount;

            // A filter, and its normalisation's scale and shift.
            static long Convolution(long inputs, long outputs, long kernel) => inputs * outputs * kernel * kernel + 2 * outputs;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"blocks of {string.Join(", ", BlockWidths)} filters with {Dropout.Kind} dropout";

    /// <summary>The filters that each block has.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> BlockWidths => [.. Widths.Select(width => width * FilterPercentage / 100)];

    /// <summary>The published network for CIFAR-10.</summary>
    /// <param name="classCount">The classes.</param>
    /// <param name="filterPercentage">25 to 100.</param>
    public static AllCnnConfiguration ForCifar(int classCount = 10, int filterPercentage = 100) =>
        new()
        {
            ImageSize = 32,
            Channels = 3,
            ClassCount = classCount,
            FilterPercentage = filterPercentage,
        };

    /// <summary>The published network for cluttered MNIST, 96 x 96 grey: four blocks, no dropout of pixels, noise up to 1.</summary>
    /// <param name="classCount">The classes.</param>
    /// <param name="beta">The price of information; the published values are at most 0.5.</param>
    public static AllCnnConfiguration ForClutteredMnist(int classCount = 10, double beta = 0.5) =>
        new()
        {
            ImageSize = 96,
            Channels = 1,
            ClassCount = classCount,
            Widths = [32, 64, 96, 192],
            InputKeepProbability = 1,
            Dropout = new() { MaxAlpha = 1, Beta = beta },
        };

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? OwnNoise => Dropout.Kind is DropoutKind.None ? null : $"{Dropout.Kind} dropout".ToLowerInvariant();

    /// <inheritdoc/>
    public override ImageClassifier Create() => new AllCnn(this);

    /// <summary>The same sizes. Variational dropout gets the price 1, which makes the loss its bound, if none was given.</summary>
    /// <param name="given">The names of the properties that were given a value.</param>
    public override NetworkConfiguration Completed(IReadOnlySet<string> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return Dropout.Kind is DropoutKind.Variational && !given.Contains(nameof(Dropout.Beta))
            ? this with
            {
                Dropout = Dropout with { Beta = 1 },
            }
            : this;
    }

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        ArgumentNullException.ThrowIfNull(Dropout);
        Dropout.Validate();
        if (Widths.Count == 0)
            throw new ArgumentException($"{nameof(Widths)} is empty; give the filters of each block, such as [96, 192].");
        if (FilterPercentage is < 1 or > 100)
            throw new ArgumentException($"{nameof(FilterPercentage)} is {FilterPercentage}; it is a percentage from 1 to 100.");
        if (BlockWidths.Any(width => width < 1))
            throw new ArgumentException(
                $"{FilterPercentage} percent of {nameof(Widths)} [{string.Join(", ", Widths)}] "
                    + $"leaves a block without filters; raise {nameof(FilterPercentage)}."
            );
        if (!(InputKeepProbability is > 0 and <= 1))
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{nameof(InputKeepProbability)} is {InputKeepProbability}; it is a probability above 0 and at most 1."
                )
            );
    }

    long NoiseParameters(long width) =>
        Dropout.Kind switch
        {
            DropoutKind.Information => width * width * 9 + width + (Dropout.Prior == InformationPrior.LogNormal ? 2 : 0),
            DropoutKind.Variational => width,
            _ => 0,
        };
}
