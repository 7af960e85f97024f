namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// A list under a key in the singular: its only entry may stand there without the brackets, and is written so. It is never empty once it is
/// given.
/// </summary>
/// <param name="key">The key.</param>
[AttributeUsage(AttributeTargets.Parameter)]
sealed class OneOrMoreAttribute(string key) : Attribute
{
    public string Key => key;
}
