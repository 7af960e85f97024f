namespace NoisyNN.Transforms.Entropy;

/// <summary>An entropy in bits, and how far an approximation may be off; 0 for an exact one.</summary>
readonly record struct MeasuredEntropy(double Bits, double Bound = 0);
