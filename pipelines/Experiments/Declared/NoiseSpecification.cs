using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// What an exported file says about the noise that its network was trained with. The exporter knows the trainer's noise alone; these
/// entries, under the same keys, add the steps of the pipeline before it.
/// </summary>
static class NoiseSpecification
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static IReadOnlyDictionary<string, string> Metadata(Experiment experiment)
    {
        var latent = experiment.Noise.Latent;
        NoiseDefinition?[] all = [.. experiment.Pipeline.Select(step => step.Noise), experiment.Noise.Input?.Noise, latent?.Noise];
        var axes = all.Select(noise => noise?.Axis).OfType<MixAxis>().Distinct().Select(axis => Node(axis)!.GetValue<string>()).ToList();
        var specification = new JsonObject
        {
            ["pipeline"] = new JsonArray([
                .. experiment.Pipeline.Select(step =>
                    (JsonNode)new JsonObject { ["noise"] = Node(step.Noise), ["scope"] = Node(step.Scope) }
                ),
            ]),
            ["input"] = Node(experiment.Noise.Input?.Noise),
            ["latent"] = latent is null
                ? null
                : new JsonObject
                {
                    ["noise"] = Node(latent.Noise),
                    ["site"] = Node(latent.Site),
                    ["layer"] = latent.Layer,
                    ["inTraining"] = latent.Training,
                    ["includeClassToken"] = latent.IncludeClassToken,
                    ["detached"] = latent.Detached,
                    ["schedule"] = Node(latent.Schedule),
                },
        };
        return new Dictionary<string, string>
        {
            ["noisy.noise_spec"] = specification.ToJsonString(s_json),
            ["noisy.mix_axis"] = axes.Count > 0 ? string.Join(',', axes) : "none",
        };
    }

    /// <summary>By the value's own type: a definition's strength belongs to its family.</summary>
    static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), s_json);
}
