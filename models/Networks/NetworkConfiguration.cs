using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks;

/// <summary>The sizes of a network, from which it can be built: what all image classifiers have in common.</summary>
public abstract record NetworkConfiguration
{
    /// <summary>Height and width of the images, pixels.</summary>
    public int ImageSize { get; init; } = 28;

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The number of classes; 0 lets a trainer take it from its label column.</summary>
    public int ClassCount { get; init; }

    /// <summary>The mean of the training pixels, in 0..1: one value, or one per channel.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.5];

    /// <summary>The standard deviation of the training pixels, in 0..1: one value, or one per channel.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.5];

    /// <summary>The architecture's name in kebab-case, as experiment files and network files spell it.</summary>
    [JsonIgnore]
    public abstract string Architecture { get; }

    /// <summary>The number of trained values, from the sizes alone: no network is built for it.</summary>
    [JsonIgnore]
    public abstract long ParameterCount { get; }

    /// <summary>The shape of a row that the network takes: pixels [C, H, W], or features [D].</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<int> InputShape => [Channels, ImageSize, ImageSize];

    /// <summary>The sizes in one phrase, for people.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>Builds the network on the CPU; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public abstract ImageClassifier Create();

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the field, its value and the remedy.</exception>
    public virtual void Validate()
    {
        AtLeastOne(ImageSize, nameof(ImageSize));
        AtLeastOne(Channels, nameof(Channels));
        if (ClassCount < 0)
            throw new ArgumentException(
                $"{nameof(ClassCount)} is {ClassCount}; give the number of classes, or 0 to take it from the labels."
            );
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

    private protected static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"{name} is {value}; it must be at least 1.");
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
