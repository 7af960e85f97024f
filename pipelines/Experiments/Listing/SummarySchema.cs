using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml.Schema;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The JSON schema of <c>summary.json</c>. It follows from the records that are written, and from their comments.</summary>
static class SummarySchema
{
    const string Kind = "kind",
        Version = "schemaVersion";

    /// <summary>The schema of the summaries of every kind of run; <c>kind</c> says which of the three a file is.</summary>
    public static JsonObject Create() =>
        new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "NoisyNN summary.json",
            ["description"] = XmlDocumentation.Of(typeof(RunProvenance)),
            ["oneOf"] = new JsonArray(
                Of(typeof(Summary), "single", Summary.Json),
                Of(typeof(ReplicatedSummary), "replicated", Summary.Json),
                Of(typeof(SweepSummary), "sweep", SweepSummary.Json)
            ),
        };

    static JsonNode Of(Type type, string kind, JsonSerializerOptions written)
    {
        var schema = new JsonSerializerOptions(written) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetJsonSchemaAsNode(
            type,
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete }
        );
        schema = Whole(schema, schema);
        schema["properties"]![Kind] = new JsonObject { ["const"] = kind };
        schema["properties"]![Version] = new JsonObject { ["const"] = 1 };
        return schema;
    }

    /// <summary>
    /// The schema with the target in the place of each reference. A reference is a path from the root, which this schema will not be. No
    /// record contains itself, so that this has an end.
    /// </summary>
    static JsonNode Whole(JsonNode node, JsonNode root)
    {
        switch (node)
        {
            case JsonObject reference when reference["$ref"] is { } path:
                var target = Whole(Target((string)path!, root), root);
                if (reference["description"] is { } own)
                    target["description"] = own.DeepClone();
                return target;
            case JsonObject schema:
                return Require(new JsonObject(schema.Select(entry => KeyValuePair.Create(entry.Key, Part(entry.Value)))));
            case JsonArray list:
                return new JsonArray([.. list.Select(Part)]);
            default:
                return node.DeepClone();
        }

        JsonNode? Part(JsonNode? part) => part is null ? null : Whole(part, root);
    }

    /// <summary>Follows a path such as <c>#/properties/runs/items</c>.</summary>
    static JsonNode Target(string path, JsonNode root) =>
        path.Split('/')
            .Skip(1)
            .Aggregate(root, (node, step) => (node is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : node[step])!);

    /// <summary>Says which keys are always there: a value that is null is left out of the file.</summary>
    static JsonObject Require(JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties)
            return schema;
        string[] keys = [.. properties.Where(property => !MayBeNull(property.Value)).Select(property => property.Key)];
        schema["required"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]);
        return schema;
    }

    /// <summary>Adds what the comments say.</summary>
    static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        var comment =
            context.PropertyInfo is { AttributeProvider: { } declaration } ? XmlDocumentation.Of(declaration)
            : context.TypeInfo.Type.Assembly == typeof(SummarySchema).Assembly ? XmlDocumentation.Of(context.TypeInfo.Type)
            : null;
        if (comment is not null)
            schema.Insert(0, "description", comment);
        return schema;
    }

    static bool MayBeNull(JsonNode? schema) =>
        schema is not JsonObject rules
        || (rules["type"] is JsonArray types && types.Any(type => (string?)type == "null"))
        || (rules["enum"] is JsonArray words && words.Any(word => word is null));
}
