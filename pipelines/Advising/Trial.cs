using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Advising;

/// <summary>One short training.</summary>
/// <param name="Noise">The noise in training; null for the vanilla network.</param>
/// <param name="Seed">The seed of the weights, of the order of the rows and of the noise. Two trials of a seed are a pair.</param>
sealed record Trial(NoiseDefinition? Noise, int Seed);

/// <summary>What a trial reached. Accuracies are fractions, with noise off unless it says otherwise.</summary>
/// <param name="Choosing">On the validation rows that choose the noise.</param>
/// <param name="Confirming">On the validation rows that confirm it.</param>
/// <param name="ConfirmingWithNoise">The same with the noise on; null unless that is a linear map.</param>
/// <param name="Seconds">The time that it took.</param>
sealed record TrialOutcome(double Choosing, double Confirming, double? ConfirmingWithNoise, double Seconds);
