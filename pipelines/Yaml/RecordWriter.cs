using System.Collections;
using System.Globalization;
using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Yaml.Assignments;
using NoisyNN.Pipelines.Yaml.Networks;
using NoisyNN.Transforms.Noise;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Writes records and options, with their defaults, as the YAML that <see cref="RecordBinder"/> reads. The file of a run so states every
/// setting.
/// </summary>
static class RecordWriter
{
    const string DocumentEnd = "...\n";

    public static string Write(object record)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        new YamlStream(new YamlDocument(Section(record))).Save(text, assignAnchors: false);
        var written = text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
        return written.EndsWith(DocumentEnd, StringComparison.Ordinal) ? written[..^DocumentEnd.Length] : written;
    }

    static YamlMappingNode Section(object record)
    {
        var section = new YamlMappingNode();
        AddKeys(section, record);
        return section;
    }

    static void AddKeys(YamlMappingNode section, object record)
    {
        foreach (var key in SectionShape.Of(record.GetType()).Keys)
        {
            switch (key.Value(record))
            {
                case null or IList { Count: 0 }:
                    break;
                case NoiseDefinition noise:
                    section.Add(RecordSchema.FamilyKey, noise.Name);
                    AddKeys(section, noise);
                    break;
                case NetworkConfiguration network:
                    AddNetwork(section, network);
                    break;
                case IList { Count: 1 } list when key.IsOneOrMore:
                    section.Add(key.Key, Node(list[0]!));
                    break;
                case var value:
                    section.Add(key.Key, Node(value));
                    break;
            }
        }
    }

    static void AddNetwork(YamlMappingNode section, NetworkConfiguration network)
    {
        section.Add(NetworkKeys.ArchitectureKey, network.Architecture);
        foreach (var key in NetworkKeys.Of(network.GetType()))
            if (key.Value(network) is not (null or IList { Count: 0 }) and var value)
                section.Add(key.Name, Node(value!));
    }

    static YamlNode Node(object value) =>
        value switch
        {
            // Without quotes these words would be read as no value.
            string text => new YamlScalarNode(text) { Style = ScalarText.IsNull(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any },
            bool flag => new YamlScalarNode(flag ? "true" : "false"),
            Enum word => new YamlScalarNode(RecordSchema.Word(word)),
            IFormattable number => new YamlScalarNode(number.ToString(null, CultureInfo.InvariantCulture)),
            IEnumerable<Assignment> assignments => new YamlMappingNode(
                assignments.Select(assignment => new KeyValuePair<YamlNode, YamlNode>(
                    new YamlScalarNode(assignment.Path),
                    // An empty text would be written with quotes and read as a text.
                    Declaration.ReadValue(assignment.Value.Length == 0 ? "null" : assignment.Value, assignment.Origin)
                ))
            ),
            IEnumerable items => new YamlSequenceNode(items.Cast<object>().Select(Node)),
            _ => Section(value),
        };
}
