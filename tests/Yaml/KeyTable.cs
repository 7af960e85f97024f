using System.Globalization;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Yaml;

/// <summary>The tables of keys in pipelines/configs/README.md, from the schema of experiment files.</summary>
static class KeyTable
{
    /// <summary>A row for each key, by its path: what it means, which values it takes, and its default.</summary>
    public static string OfKeys(JsonObject schema) => Table("| key | meaning | values | default |", Rows(schema, prefix: ""));

    /// <summary>A row for each family of noises, with its parameters.</summary>
    public static string OfFamilies(JsonObject schema)
    {
        var input = schema["properties"]!["noise"]!["properties"]!["input"]!;
        return Table(
            "| `family` | parameters |",
            Variants(input)
                .Select(variant =>
                    $"| `{variant["properties"]!["family"]!["const"]}` | {string.Join("; ", variant["properties"]!.AsObject().Skip(1).Select(pair => Parameter(variant, pair.Key, pair.Value!)))} |"
                )
        );
    }

    static string Table(string header, IEnumerable<string> rows) =>
        string.Join('\n', [header, $"|{string.Concat(Enumerable.Repeat("---|", header.Count(letter => letter == '|') - 1))}", .. rows]);

    static IEnumerable<string> Rows(JsonNode section, string prefix) =>
        section["properties"]!.AsObject().SelectMany(pair => RowsOf(section, pair.Key, pair.Value!, prefix));

    static IEnumerable<string> RowsOf(JsonNode section, string key, JsonNode schema, string prefix)
    {
        var inner = schema["items"] is { } items && (items["properties"] ?? items["oneOf"]) is not null ? items : schema;
        if (inner["properties"] is null && inner["oneOf"] is null)
            return [Row(prefix + key, schema, DefaultOf(section, key))];
        var path = $"{prefix}{key}{(inner == schema ? "" : "[]")}";
        return
        [
            $"| **`{path}`** | {Meaning(schema)} | | |",
            .. inner["oneOf"] is null ? Rows(inner, $"{path}.") : VariantRows(inner, $"{path}."),
        ];
    }

    /// <summary>The keys of all variants. Of a noise, only those that every family has; the others have a table of their own.</summary>
    static IEnumerable<string> VariantRows(JsonNode section, string prefix)
    {
        var variants = Variants(section).ToList();
        var chosen = variants[0]["properties"]!.AsObject().First(pair => pair.Value!["const"] is not null).Key;
        var words = string.Join(", ", variants.Select(variant => $"`{variant["properties"]![chosen]!["const"]}`"));
        var otherwise = variants.Select(variant => variant["properties"]![chosen]!["default"]).FirstOrDefault(word => word is not null);
        yield return chosen == "family"
            ? $"| `{prefix}{chosen}` and its parameters | [Noises](#noises). | a family | required |"
            : $"| `{prefix}{chosen}` | Decides which of the other keys there are. | {words} | {otherwise} |";
        foreach (
            var key in variants
                .SelectMany(variant => variant["properties"]!.AsObject().Select(pair => pair.Key))
                .Distinct()
                .Where(key => key != chosen)
        )
        {
            var owners = variants.Where(variant => variant["properties"]!.AsObject().ContainsKey(key)).ToList();
            if (chosen == "family" && owners.Count < variants.Count)
                continue;
            var defaults = owners.Select(owner => DefaultOf(owner, key)).Distinct().ToList();
            yield return Row(
                prefix + key,
                owners[0]["properties"]![key]!,
                defaults.Count == 1
                    ? defaults[0]
                    : string.Join(", ", owners.Select(owner => $"{DefaultOf(owner, key)} ({owner["properties"]![chosen]!["const"]})"))
            );
        }
    }

    static string Row(string path, JsonNode schema, string otherwise) =>
        $"| `{path}` | {Meaning(schema)} | {Values(schema)} | {otherwise} |";

    static string Parameter(JsonNode family, string key, JsonNode schema) =>
        DefaultOf(family, key) is { Length: > 0 } otherwise ? $"`{key}` ({Values(schema)}; {otherwise})" : $"`{key}` ({Values(schema)})";

    static IEnumerable<JsonNode> Variants(JsonNode section) =>
        section["oneOf"]!.AsArray().Where(variant => variant!["properties"] is { } keys && keys["preset"] is null)!;

    /// <summary>The first sentence of the description.</summary>
    static string Meaning(JsonNode schema)
    {
        var text = schema["description"]?.GetValue<string>() ?? "";
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..(end + 1)]).Replace("|", "\\|", StringComparison.Ordinal);
    }

    static string Values(JsonNode schema) =>
        schema switch
        {
            _ when schema["enum"] is JsonArray words => string.Join(
                ", ",
                words.Where(word => word is not null).Select(word => $"`{word}`")
            ),
            _ when schema["anyOf"] is JsonArray several => $"{Values(several[0]!)}, or a list",
            _ when schema["properties"] is JsonObject keys => $"{{{string.Join(", ", keys.Select(pair => pair.Key))}}}",
            _ => TypeOf(schema) switch
            {
                "array" when schema["items"]!["enum"] is not null => $"a list of {Values(schema["items"]!)}",
                "array" => schema["items"]!["type"]!.ToString() == "array" ? "rows of numbers" : "a list",
                "object" => "keys with dots, and their values",
                "boolean" => "true, false",
                "string" => "text",
                var type => $"{(type == "integer" ? "a whole number" : "a number")}{Range(schema)}",
            },
        };

    static string TypeOf(JsonNode schema) => schema["type"] is JsonArray types ? types[0]!.ToString() : schema["type"]!.ToString();

    static string Range(JsonNode schema)
    {
        string?[] limits =
        [
            Limit(schema, "minimum", "from"),
            Limit(schema, "exclusiveMinimum", "above"),
            Limit(schema, "maximum", "to"),
            Limit(schema, "exclusiveMaximum", "below"),
        ];
        var given = limits.OfType<string>().ToList();
        return given.Count == 0 ? "" : $" {string.Join(limits[1] is null ? " " : ", ", given)}";
    }

    static string? Limit(JsonNode schema, string keyword, string word) =>
        schema[keyword] is { } limit ? string.Create(CultureInfo.InvariantCulture, $"{word} {limit}") : null;

    static string DefaultOf(JsonNode section, string key) =>
        section["properties"]![key]!["default"] is { } value ? value.ToJsonString().Trim('"')
        : section["required"]?.AsArray().Any(required => required!.ToString() == key) is true ? "required"
        : "";
}
