using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Advising;

/// <summary>What a search found.</summary>
/// <param name="Judged">The noises of the final comparison.</param>
/// <param name="Tried">All noises that were trained, with their mean gain on the rows that choose.</param>
/// <param name="Untried">Noises for which there was no time.</param>
/// <param name="Trainings">The number of trainings.</param>
/// <param name="Seconds">Their time.</param>
sealed record SearchResult(
    IReadOnlyList<JudgedNoise> Judged,
    IReadOnlyList<TriedNoise> Tried,
    IReadOnlyList<NoiseDefinition> Untried,
    int Trainings,
    double Seconds
)
{
    /// <summary>The noise that helps most with noise off; null if none does.</summary>
    public JudgedNoise? Advised => Judged.Where(noise => noise.Off.Verdict is EffectVerdict.Helps).MaxBy(noise => noise.Off.Mean);
}

/// <summary>A noise of the final comparison.</summary>
/// <param name="Noise">The noise.</param>
/// <param name="Off">The network that was trained with it, tested without it, minus the vanilla network.</param>
/// <param name="OnAtBoth">The same tested with it; null unless it is a linear map. Such a network has the map as a fixed layer.</param>
sealed record JudgedNoise(NoiseDefinition Noise, Effect Off, Effect? OnAtBoth);

/// <summary>A noise that was trained.</summary>
/// <param name="Noise">The noise.</param>
/// <param name="Gain">The mean difference to the vanilla network on the rows that choose, a fraction.</param>
/// <param name="Seeds">The number of pairs.</param>
sealed record TriedNoise(NoiseDefinition Noise, double Gain, int Seeds);
