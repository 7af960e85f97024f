using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Yaml.Schema;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The JSON schema of experiment files, for editors that complete and check them.</summary>
static class ExperimentSchema
{
    /// <summary>The schema with the architectures that are registered now.</summary>
    public static JsonObject Create()
    {
        var schema = new SectionSchema(section => section == typeof(NetworkSection) ? NetworkVariants.All : null).Of(typeof(Experiment));
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "NoisyNN experiment file");
        schema.Insert(2, "description", XmlDocumentation.Of(typeof(Experiment)));
        return schema;
    }
}
