namespace NoisyNN.Models.Layers;

/// <summary>Sets the key of a size in experiment files, if it is not the property's own name in camel case.</summary>
/// <param name="key">The key, in camel case.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigurationKeyAttribute(string key) : Attribute
{
    /// <summary>The key, in camel case.</summary>
    public string Key => key;
}
