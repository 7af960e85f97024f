namespace NoisyNN.Pipelines.Yaml.Assignments;

/// <summary>A value for one key of a declaration.</summary>
/// <param name="Path">The key with dots, such as <c>training.epochs</c> or <c>pipeline.0.strength</c>.</param>
/// <param name="Value">The value as YAML on one line; empty for no value.</param>
/// <param name="Origin">Where it was written, for messages: "sweep.yaml:12", or "--set training.epochs=many".</param>
public sealed record Assignment(string Path, string Value, string Origin)
{
    /// <summary>Whether a text is a key with dots.</summary>
    internal static bool IsPath(string text) => text.Split('.').All(step => step.Length > 0);

    /// <summary>The assignment as <c>--set</c> takes it.</summary>
    public override string ToString() => $"{Path}={Value}";
}
