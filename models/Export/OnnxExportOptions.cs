using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Export;

/// <summary>What goes into an ONNX file besides the network, and what it is checked on.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The names of the classes in the order of the scores; without them the file carries none, and its users get scores but no predicted label.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The noise that was put on the pixels in training; recorded, not applied.</summary>
    public NoiseDefinition? InputNoise { get; init; }

    /// <summary>The hash of the data set that the network was trained on; recorded.</summary>
    public string? TrainManifestSha256 { get; init; }

    /// <summary>Further entries of the file's metadata; they win over the exporter's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file takes images of any height and width; a convolutional network can, a transformer cannot.</summary>
    public bool AnyImageSize { get; init; }

    /// <summary>Real rows, raw pixels one row after the other, on which file and network are compared; seeded random pixels where there are none.</summary>
    public ReadOnlyMemory<float> ValidationRows { get; init; }
}

/// <summary>A written and checked ONNX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Opset">The version of ONNX's operator set.</param>
/// <param name="MaxAbsDifference">The largest absolute difference between an output in ONNX Runtime and in the network, over batches of 1, 2 and 7 rows.</param>
/// <param name="ParameterCount">The number of trained values.</param>
public sealed record OnnxExportResult(string Path, int Opset, double MaxAbsDifference, long ParameterCount);
