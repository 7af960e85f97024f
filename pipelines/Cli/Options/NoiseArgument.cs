using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Presets;
using NoisyNN.Transforms.Noise;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>Parses a noise on a command line by the rules of an experiment file.</summary>
static class NoiseArgument
{
    /// <summary>
    /// Parses a family with its parameters, such as <c>circular-shift:strength=0.3,axis=tokens</c>, or the name of a preset.
    /// </summary>
    /// <exception cref="DeclarationException">The family is unknown; a value is missing, of another type or out of range.</exception>
    public static NoiseDefinition Parse(string text, MixAxis axis)
    {
        var origin = Declaration.Shown($"--noise {text}");
        var (family, rest) = text.Split(':', 2) switch
        {
            [var name, var parameters] => (name, parameters),
            var alone => (alone[0], ""),
        };
        return Bind(
            family,
            rest.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(assignment =>
                    assignment.Split('=', 2) switch
                    {
                        [var key, var value] when key.Trim().Length > 0 => (key.Trim(), value, origin),
                        _ => throw new DeclarationException(
                            origin,
                            $"'{assignment}' sets no value; write a noise as family:key=value,key=value, such as "
                                + "gaussian:standardDeviation=25"
                        ),
                    }
                ),
            axis,
            origin
        );
    }

    /// <param name="family">The name of the family or of a preset.</param>
    /// <param name="parameters">Keys and YAML values, each with the option that it came from.</param>
    /// <param name="axis">The axis for a family that needs one, if the parameters name none.</param>
    /// <param name="origin">The option that named the family, for messages; null for <c>--noise</c>.</param>
    /// <exception cref="DeclarationException">A value is missing, of another type or out of range, or belongs to another
    /// family.</exception>
    public static NoiseDefinition Bind(
        string family,
        IEnumerable<(string Key, string Value, string Origin)> parameters,
        MixAxis axis,
        string? origin = null
    )
    {
        var preset = NoisePresets.Find(family);
        var section = new YamlMappingNode { { preset is null ? RecordSchema.FamilyKey : NoisePresets.Key, family } };
        var origins = new Dictionary<YamlNode, string>(ReferenceEqualityComparer.Instance);
        foreach (var (key, text, place) in parameters)
        {
            YamlNode name = new YamlScalarNode(key),
                value = Declaration.ReadValue(text, place);
            foreach (var node in value.AllNodes.Append(name))
                origins[node] = place;
            if (!section.Children.TryAdd(name, value))
                throw new DeclarationException(place, $"'{key}' is given twice");
        }

        if (
            preset is null
            && NoiseFamilies.Find(family) is { } maker
            && SectionShape.Of(maker).Keys.FirstOrDefault(key => key.Type == typeof(MixAxis) && !key.HasDefault) is { } mixed
        )
            section.Children.TryAdd(new YamlScalarNode(mixed.Key), new YamlScalarNode(RecordSchema.Word(axis)));
        return new RecordBinder(node => origins.GetValueOrDefault(node, origin ?? $"--noise {family}"), "the noise")
            .Bind<Named>(section)
            .Noise;
    }

    sealed record Named(NoiseDefinition Noise);
}
