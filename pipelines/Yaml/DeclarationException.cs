namespace NoisyNN.Pipelines.Yaml;

/// <summary>A declaration that cannot be read as written; the message begins with the file and the line to change.</summary>
public sealed class DeclarationException(string location, string problem, Exception? innerException = null)
    : Exception($"{location}: {problem}", innerException)
{
    /// <summary>Where the mistake stands: "demo.yaml:12", or the override that made it: "--set training.epochs=many".</summary>
    public string Location { get; } = location;
}
