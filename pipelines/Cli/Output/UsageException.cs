namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// A command line that parses but cannot be executed: two options exclude each other, or a value has no meaning.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
