using System.ComponentModel.DataAnnotations;
using System.Reflection;
using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Yaml.Networks;
using NoisyNN.Transforms;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>Binds a network, whose keys depend on its architecture.</summary>
sealed partial class RecordBinder
{
    /// <summary>The architecture that a section chooses.</summary>
    NetworkArchitecture ArchitectureOf(Dictionary<string, YamlNode> values, string path)
    {
        var known = NetworkKeys.Architectures;
        if (!values.TryGetValue(NetworkKeys.ArchitectureKey, out var node))
            return known.Single(architecture => architecture.Name == NetworkKeys.DefaultArchitecture);
        var name = node is YamlScalarNode { Value: { } text } ? text : "";
        return known.FirstOrDefault(architecture => architecture.Name == name)
            ?? throw Error(
                node,
                $"{path}.{NetworkKeys.ArchitectureKey} takes one of {string.Join(", ", known.Select(other => other.Name))}, not "
                    + $"{Describe(node)}"
                    + $"; {Spelling.Suggest(name, [.. known.Select(other => other.Name)])}"
            );
    }

    IEnumerable<string> KeysOfNetwork(Dictionary<string, YamlNode> values, string path) =>
        [NetworkKeys.ArchitectureKey, .. NetworkKeys.Of(ArchitectureOf(values, path).ConfigurationType).Select(key => key.Name)];

    /// <summary>Refuses a key of an architecture that the section does not choose.</summary>
    void RefuseKeyOfAnother(YamlNode key, Dictionary<string, YamlNode> values, string path)
    {
        if (NetworkKeys.OwnersOf(key.ToString()) is not { Count: > 0 } owners)
            return;
        throw Error(
            key,
            $"{Name(path)}: '{key}' is a key of {string.Join(" and ", owners)}; it belongs to another architecture than "
                + $"{ArchitectureOf(values, path).Name}; leave it out"
        );
    }

    NetworkConfiguration BindNetwork(Dictionary<string, YamlNode> values, YamlNode section, string path)
    {
        var architecture = ArchitectureOf(values, path);
        var given = new Dictionary<NetworkKey, object?>();
        foreach (var key in NetworkKeys.Of(architecture.ConfigurationType))
        {
            if (!values.TryGetValue(key.Name, out var node) || IsEmpty(node))
                continue;
            var type = Nullable.GetUnderlyingType(key.Property.PropertyType) ?? key.Property.PropertyType;
            var value = BindValue(node, type, $"{path}.{key.Name}");
            if (key.Property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
                throw Error(node, $"{path}.{key.Name} must be {DeclaredRange.Words(range)}, got {node}");
            given[key] = value;
        }
        try
        {
            var network = NetworkKeys.Create(architecture, given);
            _recipe = NetworkRecipe.Of(network);
            return network;
        }
        catch (ArgumentException refused)
        {
            var culprit = given.Keys.FirstOrDefault(key => key.Property.Name == refused.ParamName);
            throw new DeclarationException(
                Locate(culprit is null ? section : values[culprit.Name]),
                $"{Name(path)}: {OneLine.Of(refused)}",
                refused
            );
        }
    }
}
