using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Yaml;

namespace NoisyNN.Tests.Experiments.Listing;

/// <summary>The schema of <c>summary.json</c>; <see cref="RunsCommandTests"/> checks real summaries of each kind against it.</summary>
[TestClass]
public sealed class SummarySchemaTests
{
    /// <summary>The first thing that is wrong with a summary. A key that the schema lacks is wrong, too.</summary>
    public static string? Mistake(JsonNode summary) => SchemaCheck.Mistake(summary, Closed(SummarySchema.Create()));

    /// <summary>The first mistake by the schema of the summary's own kind, which says more than that none of the three fits.</summary>
    public static string? MistakeOfKind(JsonNode summary) =>
        SchemaCheck.Mistake(
            summary,
            Closed(
                SummarySchema.Create()["oneOf"]!
                    .AsArray()
                    .Select(kind => kind!.AsObject())
                    .Single(kind => (string)kind["properties"]!["kind"]!["const"]! == (string)summary["kind"]!)
            )
        );

    static JsonObject Closed(JsonObject schema)
    {
        foreach (var part in Parts(schema).ToList())
            part["additionalProperties"] = false;
        return schema;
    }

    static IEnumerable<JsonObject> Parts(JsonNode? node) =>
        node switch
        {
            JsonObject schema => (schema["properties"] is JsonObject ? [schema] : Array.Empty<JsonObject>()).Concat(
                schema.SelectMany(entry => Parts(entry.Value))
            ),
            JsonArray list => list.SelectMany(Parts),
            _ => [],
        };

    static JsonNode Example() => JsonNode.Parse(WrittenRun.Summary("a", 0.75, DateTimeOffset.UnixEpoch).ToJson())!;

    [TestMethod]
    public void A_summary_says_its_kind_its_version_and_its_results()
    {
        var summary = Example();

        Assert.IsNull(MistakeOfKind(summary));
        Assert.IsNull(Mistake(summary));
        Assert.AreEqual(1, (int)summary["schemaVersion"]!);
        Assert.AreEqual("single", (string)summary["kind"]!);
        Assert.AreEqual("vanilla", (string)summary["results"]![0]!["name"]!);
        Assert.AreEqual(0.75, (double)summary["results"]![0]!["mean"]!);
        Assert.AreEqual("schemaVersion", summary.AsObject().First().Key, "first, so that a person sees it");
    }

    [TestMethod]
    [DataRow("dataset", null, "$.dataset is missing")]
    [DataRow("totalSeconds", "\"long\"", "$.totalSeconds is no \"number\"")]
    [DataRow("kind", "\"double\"", null)]
    [DataRow("schemaVersion", "2", "$.schemaVersion is not 1")]
    [DataRow("surprise", "1", "$.surprise is unknown")]
    public void A_summary_that_is_wrong_is_none(string key, string? value, string? mistake)
    {
        var summary = Example().AsObject();
        if (value is null)
            summary.Remove(key);
        else
            summary[key] = JsonNode.Parse(value);

        Assert.IsNotNull(Mistake(summary));
        if (mistake is not null)
            Assert.AreEqual(mistake, MistakeOfKind(summary));
    }

    [TestMethod]
    public void The_command_prints_the_schema_with_the_meaning_of_the_keys()
    {
        var run = TestTerminal.Run("schema", "--summary");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var schema = JsonNode.Parse(run.Output)!;
        Assert.AreEqual("https://json-schema.org/draft/2020-12/schema", (string)schema["$schema"]!);
        Assert.AreSequenceEqual(
            ["single", "replicated", "sweep"],
            schema["oneOf"]!.AsArray().Select(kind => (string)kind!["properties"]!["kind"]!["const"]!)
        );
        var single = schema["oneOf"]![0]!["properties"]!;
        Assert.AreEqual("The data; of several trials, those of the first.", (string)single["dataset"]!["description"]!);
        Assert.AreEqual(
            "The lower end of its 95 % interval (Bonett and Price, 2012): over test rows, for these two networks alone.",
            (string)single["difference"]!["properties"]!["low"]!["description"]!
        );
    }
}
