using System.Text.Json.Serialization;

namespace NoisyNN.Transforms.Statistics;

/// <summary>What paired differences say about a change, by the rule of <see cref="Effect"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EffectVerdict>))]
public enum EffectVerdict
{
    /// <summary>The results allow no other verdict; <see cref="Effect.SmallestDetectable"/> says what they could have found.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The change makes things better, by at least the margin.</summary>
    [JsonStringEnumMemberName("helps")]
    Helps,

    /// <summary>The true difference lies within the margin.</summary>
    [JsonStringEnumMemberName("no effect")]
    NoEffect,

    /// <summary>The change makes things worse, by at least the margin.</summary>
    [JsonStringEnumMemberName("hurts")]
    Hurts,
}
