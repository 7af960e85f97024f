using System.Text.Json;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Yaml;

/// <summary>
/// Checks a value against a JSON schema, as far as the schemas of this program go. A keyword that it does not know fails the test.
/// </summary>
static class SchemaCheck
{
    static readonly string[] s_annotations = ["$schema", "title", "description", "default", "format"];

    /// <summary>The first thing that is wrong, with its path; null where the value is valid.</summary>
    public static string? Mistake(JsonNode? value, JsonObject schema, string path = "$") =>
        schema
            .Where(keyword => !s_annotations.Contains(keyword.Key))
            .Select(keyword => Check(value, keyword.Key, keyword.Value!, schema, path))
            .FirstOrDefault(mistake => mistake is not null);

    static string? Check(JsonNode? value, string keyword, JsonNode rule, JsonObject schema, string path) =>
        keyword switch
        {
            "type" => Types(rule).Any(type => Has(value, type)) ? null : $"{path} is no {rule.ToJsonString()}",
            "const" => JsonNode.DeepEquals(value, rule) ? null : $"{path} is not {rule}",
            "enum" => ((JsonArray)rule).Any(word => JsonNode.DeepEquals(value, word)) ? null : $"{path} is none of {rule.ToJsonString()}",
            "minimum" => Compare(value, rule, difference => difference >= 0, path, keyword),
            "exclusiveMinimum" => Compare(value, rule, difference => difference > 0, path, keyword),
            "maximum" => Compare(value, rule, difference => difference <= 0, path, keyword),
            "exclusiveMaximum" => Compare(value, rule, difference => difference < 0, path, keyword),
            "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>() ? null : $"{path} is too short",
            "items" => (value as JsonArray)
                ?.Select((item, i) => Mistake(item, (JsonObject)rule, $"{path}.{i}"))
                .FirstOrDefault(mistake => mistake is not null),
            "required" => value is JsonObject section
                ? ((JsonArray)rule)
                    .Select(key => key!.GetValue<string>())
                    .Where(key => !section.ContainsKey(key))
                    .Select(key => $"{path}.{key} is missing")
                    .FirstOrDefault()
                : null,
            "properties" => (value as JsonObject)
                ?.Where(pair => ((JsonObject)rule).ContainsKey(pair.Key))
                .Select(pair => Mistake(pair.Value, (JsonObject)rule[pair.Key]!, $"{path}.{pair.Key}"))
                .FirstOrDefault(mistake => mistake is not null),
            "additionalProperties" when rule is JsonObject values => (value as JsonObject)
                ?.Select(pair => Mistake(pair.Value, values, $"{path}.{pair.Key}"))
                .FirstOrDefault(mistake => mistake is not null),
            "additionalProperties" => (value as JsonObject)
                ?.Where(pair => !((JsonObject)schema["properties"]!).ContainsKey(pair.Key))
                .Select(pair => $"{path}.{pair.Key} is unknown")
                .FirstOrDefault(),
            "oneOf" => Matches(value, rule) == 1 ? null : $"{path} matches {Matches(value, rule)} of its variants",
            "anyOf" => Matches(value, rule) > 0 ? null : $"{path} matches none of its variants",
            _ => throw new NotSupportedException(keyword),
        };

    static int Matches(JsonNode? value, JsonNode variants) =>
        ((JsonArray)variants).Count(variant => Mistake(value, (JsonObject)variant!) is null);

    static IEnumerable<string> Types(JsonNode rule) =>
        rule is JsonArray several ? several.Select(type => type!.GetValue<string>()) : [rule.GetValue<string>()];

    static bool Has(JsonNode? value, string type) =>
        type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value?.GetValueKind() is JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => value?.GetValueKind() is JsonValueKind.Number,
            "integer" => value?.GetValueKind() is JsonValueKind.Number && double.IsInteger(Number(value)),
            _ => throw new NotSupportedException(type),
        };

    static string? Compare(JsonNode? value, JsonNode limit, Func<int, bool> holds, string path, string keyword) =>
        value?.GetValueKind() is not JsonValueKind.Number || holds(Number(value).CompareTo(Number(limit)))
            ? null
            : $"{path} is {value}, {keyword} is {limit}";

    static double Number(JsonNode value) => JsonSerializer.Deserialize<double>(value);
}
