namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// The command line was well formed and still cannot be obeyed: two options that exclude each other, a value that means nothing.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
