using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Tests.Yaml;

/// <summary>A YAML text as the JSON that an editor checks against a schema.</summary>
static class YamlAsJson
{
    public static JsonNode? Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Convert(stream.Documents[0].RootNode);
    }

    static JsonNode? Convert(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key.ToString(), Convert(pair.Value)))),
            YamlSequenceNode list => new JsonArray([.. list.Select(Convert)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
            YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
            YamlScalarNode { Style: ScalarStyle.Plain } number
                when double.TryParse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
            YamlScalarNode scalar => scalar.Value,
            _ => throw new NotSupportedException($"{node.GetType()}"),
        };
}
