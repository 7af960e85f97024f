using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml.Assignments;

/// <summary>YAML nodes as text on one line, which reads back as the same nodes.</summary>
static partial class FlowText
{
    static readonly JsonSerializerOptions s_quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a node: <c>0.1</c>, <c>"a word"</c>, <c>[1, 2]</c> or <c>{family: gaussian}</c>.</summary>
    public static string Of(YamlNode node) =>
        node switch
        {
            YamlScalarNode { Style: ScalarStyle.Plain } plain when NoValue().IsMatch(plain.Value ?? "") => "",
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when PlainWord().IsMatch(text) => text,
            // A quoted text of JSON is one of YAML.
            YamlScalarNode scalar => JsonSerializer.Serialize(scalar.Value, s_quoted),
            YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(OfPart))}]",
            YamlMappingNode mapping =>
                $"{{{string.Join(", ", mapping.Children.Select(pair => $"{OfPart(pair.Key)}: {OfPart(pair.Value)}"))}}}",
            _ => throw new InvalidOperationException($"unreachable: a loaded document has no {node.GetType().Name}"),
        };

    static string OfPart(YamlNode node) => Of(node) is { Length: > 0 } text ? text : "null";

    [GeneratedRegex("^(~|null|Null|NULL)?$")]
    private static partial Regex NoValue();

    /// <summary>What a value within braces may be without quotes.</summary>
    [GeneratedRegex(@"^[\w.+-]+$")]
    private static partial Regex PlainWord();
}
