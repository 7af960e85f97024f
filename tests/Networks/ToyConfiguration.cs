using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using NoisyNN.Models.Networks;

namespace NoisyNN.Tests.Networks;

/// <summary>The sizes of a <see cref="ToyNetwork"/>.</summary>
public sealed record ToyConfiguration : ImageNetworkConfiguration
{
    /// <summary>The width of the hidden layer.</summary>
    [Range(1, 64)]
    public int HiddenUnits { get; init; } = 8;

    [JsonIgnore]
    public override string Architecture => "toy";

    [JsonIgnore]
    public override long ParameterCount => ((long)Channels * ImageSize * ImageSize + 1) * HiddenUnits + (HiddenUnits + 1L) * ClassCount;

    [JsonIgnore]
    public override string Summary => $"{HiddenUnits} hidden units";

    public override ImageClassifier Create() => new ToyNetwork(this);
}
