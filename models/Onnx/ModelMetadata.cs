using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Models.Onnx;

/// <summary>
/// The metadata of a file: labels, normalisation and noise under "noisy.", the pixels under the keys of ONNX's MetadataProps document
/// ("Image.").
/// </summary>
static class ModelMetadata
{
    static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        // The text is in a model file, not in a web page, so labels need no escapes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static SortedDictionary<string, string> Describe(Classifier network, OnnxExportOptions options)
    {
        var images = network as ImageClassifier;
        var metadata = Describe(options, network.LatentNoise, channels: images?.Channels ?? 0);
        if (images is not null)
        {
            metadata["noisy.mean"] = Json(images.Configuration.Mean);
            metadata["noisy.std"] = Json(images.Configuration.StandardDeviation);
            metadata[OnnxModel.ImageSizeKey] = Json((int[])[images.Height, images.Width]);
        }
        Add(options.Metadata, metadata);
        return metadata;
    }

    /// <summary>The metadata of a network that does not classify.</summary>
    /// <param name="options">Noise and further entries.</param>
    /// <param name="channels">The channels of the pixels that it takes; 0 if it takes none.</param>
    public static SortedDictionary<string, string> Describe(OnnxExportOptions options, int channels)
    {
        var metadata = Describe(options, latent: null, channels);
        Add(options.Metadata, metadata);
        return metadata;
    }

    static SortedDictionary<string, string> Describe(OnnxExportOptions options, LatentNoisePlacement? latent, int channels)
    {
        var metadata = new SortedDictionary<string, string>(
            NoiseMetadata.Of(options.InputNoise, latent).ToDictionary(),
            StringComparer.Ordinal
        )
        {
            ["noisy.eval_noise"] = options.InputNoiseScope == NoiseScope.Always ? "input" : "none",
        };
        if (options.InputNoiseScope == NoiseScope.Always && options.InputNoise is { IsTransductive: true })
            metadata[OnnxModel.TransductiveKey] = "true";
        if (options.Labels.Count > 0)
            metadata[OnnxModel.LabelsKey] = Json(options.Labels);
        if (options.Temperature != 1)
            metadata["noisy.temperature"] = Json(options.Temperature);
        if (options.TrainManifestSha256 is { } hash)
            metadata["noisy.train_manifest_sha256"] = hash;
        if (channels is 1 or 3)
        {
            metadata["Image.BitmapPixelFormat"] = channels == 1 ? "Gray8" : "Rgb8";
            metadata["Image.ColorSpaceGamma"] = "SRGB";
            metadata["Image.NominalPixelRange"] = "NominalRange_0_255";
        }
        return metadata;
    }

    static void Add(IReadOnlyDictionary<string, string> further, SortedDictionary<string, string> metadata)
    {
        foreach (var (key, value) in further)
            metadata[key] = value;
    }

    static string Json<T>(T value) => JsonSerializer.Serialize(value, _json);
}
