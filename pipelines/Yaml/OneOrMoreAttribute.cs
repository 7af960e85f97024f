namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Marks a list under a key in the singular. A list of one entry is written without brackets, and may be read so. A list that is given must
/// not be empty.
/// </summary>
/// <param name="key">The key.</param>
[AttributeUsage(AttributeTargets.Parameter)]
sealed class OneOrMoreAttribute(string key) : Attribute
{
    public string Key => key;
}
