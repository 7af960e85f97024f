using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks.FullyConnected;

/// <summary>The sizes of a <see cref="Perceptron"/>. The defaults are those of 28 x 28 grey images with layers of 512 and 64 units.</summary>
public sealed record PerceptronConfiguration : ImageNetworkConfiguration
{
    /// <summary>The units of each hidden layer, from the pixels to the head.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [512, 64];

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Architecture => "perceptron";

    /// <inheritdoc/>
    [JsonIgnore]
    public override long ParameterCount
    {
        get
        {
            var (count, inputs) = (0L, (long)Channels * ImageSize * ImageSize);
            foreach (var width in (int[])[.. Widths, ClassCount])
                (count, inputs) = (count + (inputs + 1) * width, width);
            return count;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"hidden layers of {string.Join(", ", Widths)} units";

    /// <inheritdoc/>
    public override ImageClassifier Create() => new Perceptron(this);

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        ArgumentNullException.ThrowIfNull(Widths);
        if (Widths.Count == 0)
            throw new ArgumentException($"{nameof(Widths)} is empty; give the units of each hidden layer, such as [512, 64].");
        if (Widths.Any(width => width < 1))
            throw new ArgumentException($"{nameof(Widths)} is [{string.Join(", ", Widths)}]; each hidden layer needs at least one unit.");
    }
}
