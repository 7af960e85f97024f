using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>What images are resized to before a model sees them, pixels.</summary>
sealed record ImageSize(int Height, int Width)
{
    /// <summary>The size that a command line gives, as in 224x224.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ImageSize? Parse(string? text) =>
        text is null ? null
        : text.Split('x') is [var first, var second]
        && int.TryParse(first, out var height)
        && int.TryParse(second, out var width)
        && height > 0
        && width > 0
        && (long)height * width <= 1 << 26
            ? new(height, width)
        : throw new UsageException($"--image-size is '{text}'; write height and width in pixels as in 224x224.");

    /// <summary>The size that a model says it was trained on; null if it does not say, or not rightly.</summary>
    public static ImageSize? OfTraining(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return
                metadata.TryGetValue(OnnxModel.ImageSizeKey, out var json)
                && JsonSerializer.Deserialize<int[]>(json) is [> 0 and var height, > 0 and var width]
                ? new(height, width)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
