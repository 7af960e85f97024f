namespace NoisyNN.Transforms.Files;

/// <summary>What is at an output's path can be neither replaced nor written to.</summary>
/// <param name="path">The path.</param>
/// <param name="reason">What it is and the remedy, as sentences of which the first begins in lower case.</param>
sealed class OutputRefusedException(string path, string reason) : IOException($"'{path}' cannot be written: {reason}")
{
    public string Reason { get; } = reason;
}
