namespace NoisyNN.Transforms.Statistics;

/// <summary>What paired differences say about a change, by the rule of <see cref="Effect"/>.</summary>
public enum EffectVerdict
{
    /// <summary>The results allow no other verdict; <see cref="Effect.SmallestDetectable"/> says what they could have found.</summary>
    Open,

    /// <summary>The change makes things better, by at least the margin.</summary>
    Helps,

    /// <summary>The true difference lies within the margin.</summary>
    NoEffect,

    /// <summary>The change makes things worse, by at least the margin.</summary>
    Hurts,
}
