namespace NoisyNN.Transforms.Entropy;

/// <summary>An entropy in bits, and the bound for the error of an approximation; 0 for an exact entropy.</summary>
readonly record struct MeasuredEntropy(double Bits, double Bound = 0);
