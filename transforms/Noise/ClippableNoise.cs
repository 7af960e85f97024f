namespace NoisyNN.Transforms.Noise;

/// <summary>
/// A noise whose values can leave the range of the signal, and can be limited to it: pixels, for instance, from 0 to 255.
/// </summary>
/// <remarks>
/// The limit applies after the noise, to every element of the column. It also changes elements that were out of the range before.
/// </remarks>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
public abstract record ClippableNoise(ValueRange? Clip) : NoiseDefinition;
