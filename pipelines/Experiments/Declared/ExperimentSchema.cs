using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Yaml.Schema;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The JSON schemas of the files that the program reads, for editors that complete and check them.</summary>
static class ExperimentSchema
{
    /// <summary>The kinds of file, as the command line names them.</summary>
    public const string Experiment = "experiment",
        Bounds = "bounds";

    /// <summary>The schema of a kind of file.</summary>
    public static JsonObject Of(string kind)
    {
        var root = kind == Bounds ? typeof(BoundsExperiment) : typeof(Experiment);
        var schema = new SectionSchema(section => section == typeof(NetworkSection) ? NetworkVariants.All : null).Of(root);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", $"NoisyNN {kind} file");
        schema.Insert(2, "description", XmlDocumentation.Of(root));
        return schema;
    }
}
