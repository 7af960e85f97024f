namespace NoisyNN.Transforms.Files;

/// <summary>An output whose place can be neither replaced nor written to.</summary>
/// <param name="path">The path.</param>
/// <param name="reason">The reason and the remedy, as sentences; the first begins in lower case.</param>
sealed class OutputRefusedException(string path, string reason) : IOException($"'{path}' cannot be written: {reason}")
{
    public string Reason { get; } = reason;
}
