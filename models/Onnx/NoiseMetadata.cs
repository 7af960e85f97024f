using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Onnx;

/// <summary>The metadata of a file about the noise that its network was trained with.</summary>
public static class NoiseMetadata
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>
    /// The entries <c>noisy.noise_spec</c> and <c>noisy.mix_axis</c>. The exporter writes them for the noise that it knows. To record more,
    /// pass them as <see cref="OnnxExportOptions.Metadata"/>.
    /// </summary>
    /// <param name="input">The noise on the trainer's pixels; null for none.</param>
    /// <param name="latent">The noise inside the network; null for none.</param>
    /// <param name="pipeline">The steps of noise on columns before the trainer. Null leaves out their entry.</param>
    public static IReadOnlyDictionary<string, string> Of(
        NoiseDefinition? input,
        LatentNoisePlacement? latent,
        IReadOnlyList<(NoiseDefinition Noise, NoiseScope Scope)>? pipeline = null
    )
    {
        var specification = new JsonObject();
        if (pipeline is not null)
            specification["pipeline"] = new JsonArray([
                .. pipeline.Select(step => (JsonNode)new JsonObject { ["noise"] = Node(step.Noise), ["scope"] = Node(step.Scope) }),
            ]);
        specification["input"] = Node(input);
        specification["latent"] = latent is null ? null : Latent(latent);
        NoiseDefinition?[] noises = [.. (pipeline ?? []).Select(step => step.Noise), input, latent?.Noise];
        var axes = noises.Select(noise => noise?.Axis).OfType<MixAxis>().Distinct().Select(axis => Node(axis)!.GetValue<string>()).ToList();
        return new Dictionary<string, string>
        {
            ["noisy.noise_spec"] = specification.ToJsonString(s_json),
            ["noisy.mix_axis"] = axes.Count > 0 ? string.Join(',', axes) : "none",
        };
    }

    static JsonObject Latent(LatentNoisePlacement latent) =>
        new()
        {
            ["noise"] = Node(latent.Noise),
            ["site"] = Node(latent.Site),
            ["layer"] = latent.Layer,
            ["inTraining"] = latent.InTraining,
            ["includeClassToken"] = latent.IncludeClassToken,
            ["detached"] = latent.Detached,
            ["schedule"] = Node(latent.Schedule),
        };

    // Serialised by the value's own type, because a definition's strength belongs to its family.
    static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), s_json);
}
