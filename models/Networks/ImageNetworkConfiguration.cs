using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks;

/// <summary>The sizes that all classifiers of images have.</summary>
// The orders keep the text that identifies a network in a checkpoint.
public abstract record ImageNetworkConfiguration : ClassifierConfiguration
{
    /// <summary>
    /// Height and width of the images, pixels. Where it was not given, a trainer takes it from its pixel column; elsewhere it is 28.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int ImageSize
    {
        get => GivenImageSize ?? 28;
        init => GivenImageSize = value;
    }

    /// <summary>1 for grey, 3 for RGB. Where it was not given, a trainer takes it from its pixel column; elsewhere it is 1.</summary>
    [JsonPropertyOrder(2)]
    public int Channels
    {
        get => GivenChannels ?? 1;
        init => GivenChannels = value;
    }

    /// <summary><see cref="ImageSize"/>; null where it was not given.</summary>
    [JsonIgnore]
    internal int? GivenImageSize { get; init; }

    /// <summary><see cref="Channels"/>; null where it was not given.</summary>
    [JsonIgnore]
    internal int? GivenChannels { get; init; }

    internal sealed override bool IsOpen => GivenImageSize is null || GivenChannels is null;

    /// <summary>The mean of the training pixels, in 0..1: one value, or one per channel.</summary>
    [JsonPropertyOrder(4)]
    public IReadOnlyList<double> Mean { get; init; } = [0.5];

    /// <summary>The standard deviation of the training pixels, in 0..1: one value, or one per channel.</summary>
    [JsonPropertyOrder(5)]
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.5];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<int> InputShape => [Channels, ImageSize, ImageSize];

    /// <inheritdoc/>
    public abstract override ImageClassifier Create();

    /// <summary>The same sizes, with those of the images where they are still open.</summary>
    /// <param name="dimensions">[C, H, W], of square images.</param>
    public override ClassifierConfiguration ForRows(IReadOnlyList<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return IsOpen ? this with { Channels = dimensions[0], ImageSize = dimensions[1] } : this;
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        AtLeastOne(ImageSize, nameof(ImageSize));
        AtLeastOne(Channels, nameof(Channels));
        OnePerChannel(Mean, nameof(Mean), double.IsFinite, "a finite number");
        OnePerChannel(
            StandardDeviation,
            nameof(StandardDeviation),
            value => double.IsFinite(value) && value > 0,
            "a finite number above 0"
        );
    }

    /// <summary>(x/255 - mean) / standard deviation as one multiplication and one addition, per channel.</summary>
    internal (float[] Scale, float[] Offset) Normalization()
    {
        var channels = Enumerable
            .Range(0, Channels)
            .Select(channel =>
                (
                    Mean: Mean[Mean.Count == 1 ? 0 : channel],
                    StandardDeviation: StandardDeviation[StandardDeviation.Count == 1 ? 0 : channel]
                )
            )
            .ToList();
        return (
            [.. channels.Select(channel => (float)(1 / (255 * channel.StandardDeviation)))],
            [.. channels.Select(channel => (float)(-channel.Mean / channel.StandardDeviation))]
        );
    }

    void OnePerChannel(IReadOnlyList<double> values, string name, Func<double, bool> isValid, string rule)
    {
        if (values.Count != 1 && values.Count != Channels)
            throw new ArgumentException($"{name} has {values.Count} values; give one, or one for each of the {Channels} channels.");
        foreach (var value in values)
            if (!isValid(value))
                throw new ArgumentException($"{name} holds {value}; each value must be {rule}.");
    }
}
