using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Yaml.Presets;
using NoisyNN.Transforms;

namespace NoisyNN.Pipelines.Yaml.Schema;

/// <summary>
/// The JSON schema (draft 2020-12) of a section, derived from the keys that <see cref="RecordBinder"/> reads. A schema cannot express rules
/// between keys; the program checks those when it reads a file.
/// </summary>
/// <param name="variantsOf">The variants of a type of section; null for a type whose keys never change.</param>
sealed class SectionSchema(Func<Type, SectionVariants?> variantsOf)
{
    /// <summary>The schema of a section.</summary>
    public JsonObject Of(Type section)
    {
        var shape = SectionShape.Of(section);
        return variantsOf(section) is { } variants ? OneOf(variants)
            : shape.HasNoise ? OneOf(WithNoise(shape), WithPreset(shape))
            : Object(shape.Keys);
    }

    static SectionVariants WithNoise(SectionShape shape) =>
        new(
            RecordSchema.FamilyKey,
            Default: null,
            [
                .. NoiseFamilies.Names.Select(name => new SectionVariant(
                    name,
                    NoiseFamilies.Find(name) is ConstructorInfo { DeclaringType: { } noise } ? XmlDocumentation.Of(noise) : null,
                    [.. SectionShape.Of(NoiseFamilies.Find(name)!).Keys, .. shape.Keys.Where(key => !key.IsNoise)]
                )),
            ]
        );

    /// <summary>A section that names a preset. Its keys and the parameters of its family take the place of those of the preset.</summary>
    static SectionVariants WithPreset(SectionShape shape) =>
        new(
            NoisePresets.Key,
            Default: null,
            [
                .. NoisePresets.All.Select(preset => new SectionVariant(
                    preset.Name,
                    preset.Description,
                    [
                        // A parameter without a default has its value from the preset, and is not asked for.
                        .. SectionShape.Of(NoiseFamilies.Find(preset.Noise[0].Value)!).Keys.Where(key => key.HasDefault),
                        .. shape.Keys.Where(key => !key.IsNoise),
                    ]
                )),
            ]
        );

    JsonObject OneOf(params SectionVariants[] kinds) =>
        new()
        {
            ["oneOf"] = new JsonArray([.. kinds.SelectMany(kind => kind.Variants.Select(variant => (JsonNode)Variant(kind, variant)))]),
        };

    JsonObject Variant(SectionVariants variants, SectionVariant variant)
    {
        var schema = Object(variant.Keys);
        var word = new JsonObject { ["const"] = variant.Name };
        if (variant.Description is { } description)
            schema["description"] = description;
        if (variants.Default == variant.Name)
            word["default"] = variant.Name;
        else
            ((JsonArray)(schema["required"] ??= new JsonArray())).Insert(0, variants.Key);
        ((JsonObject)schema["properties"]!).Insert(0, variants.Key, word);
        return schema;
    }

    JsonObject Object(IReadOnlyList<SectionKey> keys)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)Property(key)))),
        };
        if (keys.Where(IsRequired).Select(key => (JsonNode)key.Key).ToArray() is { Length: > 0 } required)
            schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return schema;
    }

    static bool IsRequired(SectionKey key) =>
        key.IsRequired || (!key.HasDefault && RecordSchema.ElementOfList(key.Type) is null && !RecordSchema.IsSection(key.Type));

    JsonObject Property(SectionKey key)
    {
        var schema =
            key.IsOneOrMore ? OneOrMore(key)
            : key.AllowedValues is { } values ? new() { ["enum"] = JsonSerializer.SerializeToNode(values) }
            : Value(key.Type, key.Range);
        if (key.IsNullable || (RecordSchema.IsSection(key.Type) && !key.IsRequired))
            AllowNull(schema);
        if (Describe(key) is { } description)
            schema["description"] = description;
        if (key.HasDefault && DefaultOf(key.Default) is { } value)
            schema["default"] = value;
        return schema;
    }

    JsonObject OneOrMore(SectionKey key)
    {
        var element = RecordSchema.ElementOfList(key.Type)!;
        var list = Value(key.Type, range: null);
        list["minItems"] = 1;
        return new() { ["anyOf"] = new JsonArray(Value(element, key.Range), list) };
    }

    JsonObject Value(Type type, RangeAttribute? range)
    {
        if (RecordSchema.ElementOfList(type) is { } assignment && RecordSchema.IsAssignment(assignment))
            return new() { ["type"] = "object" };
        if (RecordSchema.ElementOfList(type) is { } element)
            return new() { ["type"] = "array", ["items"] = Value(element, range: null) };
        if (RecordSchema.IsSection(type))
            return Of(type);
        if (type.IsEnum)
            return new() { ["enum"] = new JsonArray([.. RecordSchema.Words(type).Select(word => (JsonNode)word)]) };
        var schema = new JsonObject
        {
            ["type"] =
                type == typeof(string) ? "string"
                : type == typeof(bool) ? "boolean"
                : type == typeof(double) ? "number"
                : "integer",
        };
        if (range is not null)
            Limit(schema, range);
        return schema;
    }

    static void Limit(JsonObject schema, RangeAttribute range)
    {
        if (DeclaredRange.HasMinimum(range))
            schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(range.Minimum);
        if (DeclaredRange.HasMaximum(range))
            schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonValue.Create(range.Maximum);
    }

    static void AllowNull(JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray variants)
            variants.Add(new JsonObject { ["type"] = "null" });
        else if (schema["enum"] is JsonArray words)
            words.Add((JsonNode?)null);
        else if (schema["type"] is JsonValue type)
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
    }

    static string? Describe(SectionKey key) =>
        (XmlDocumentation.Of(key), key.Option?.Unit) switch
        {
            (null, _) => null,
            (var text, null) => text,
            var (text, unit) => $"{text} Unit: {unit}.",
        };

    static JsonNode? DefaultOf(object? value) =>
        value switch
        {
            null => null,
            Enum word => RecordSchema.Word(word),
            string or bool or int or long or double => JsonValue.Create(value),
            IReadOnlyList<int> { Count: > 0 } or IReadOnlyList<double> { Count: > 0 } => JsonSerializer.SerializeToNode(value),
            _ => null,
        };
}
