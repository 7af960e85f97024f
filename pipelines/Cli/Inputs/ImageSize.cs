using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>The size in pixels that images are resized to before a model reads them.</summary>
sealed record ImageSize(int Height, int Width)
{
    /// <summary>Parses a size on a command line, such as 224x224.</summary>
    /// <exception cref="UsageException">The text is not a size.</exception>
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

    /// <summary>The image size of the training, from a model's metadata; null if they have no valid size.</summary>
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
