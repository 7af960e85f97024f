using System.Text.Json.Serialization;

namespace NoisyNN.Models.Networks.Probe;

/// <summary>The sizes of a <see cref="NoisyClassifier"/>. The default is a linear probe.</summary>
public sealed record NoisyClassifierConfiguration : ClassifierConfiguration
{
    /// <summary>The number of features of a row; 0 lets a trainer take it from its feature column.</summary>
    public int FeatureCount { get; init; }

    /// <summary>The width of the hidden layer of a perceptron; 0 for a linear probe, which has none.</summary>
    public int HiddenDimension { get; init; }

    /// <summary>The share of hidden activations that is dropped in training.</summary>
    public double DropoutRate { get; init; }

    /// <summary>
    /// Whether a trainer shifts and scales each feature to mean 0 and deviation 1 over its training rows, inside the network.
    /// </summary>
    public bool Standardize { get; init; } = true;

    /// <summary>The width of the input of the last layer.</summary>
    [JsonIgnore]
    public int HeadDimension => HiddenDimension > 0 ? HiddenDimension : FeatureCount;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Architecture => "noisy-classifier";

    /// <inheritdoc/>
    [JsonIgnore]
    public override long ParameterCount =>
        (HiddenDimension > 0 ? (FeatureCount + 1L) * HiddenDimension : 0) + (HeadDimension + 1L) * ClassCount;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<int> InputShape => [FeatureCount];

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary =>
        HiddenDimension > 0 ? $"{FeatureCount} features, {HiddenDimension} hidden units" : $"{FeatureCount} features, linear";

    /// <inheritdoc/>
    public override Classifier Create() => new NoisyClassifier(this);

    /// <inheritdoc/>
    public override ClassifierConfiguration ForRows(IReadOnlyList<int> dimensions) =>
        FeatureCount > 0 ? this : this with { FeatureCount = dimensions.Aggregate(1, (product, length) => checked(product * length)) };

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        if (FeatureCount < 0)
            throw new ArgumentException(
                $"{nameof(FeatureCount)} is {FeatureCount}; give the number of features, or 0 to take it from the column."
            );
        if (HiddenDimension < 0)
            throw new ArgumentException(
                $"{nameof(HiddenDimension)} is {HiddenDimension}; give the width of the hidden layer, or 0 for a linear probe."
            );
        if (!(DropoutRate is >= 0 and < 1))
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(DropoutRate)} is {DropoutRate}; it is a share of at least 0 and below 1.")
            );
    }
}
