using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Onnx.Quantization;

namespace NoisyNN.Pipelines.Cli.Reports.Models;

/// <summary>The figures of a quantization for other programs. Accuracies are shares of 1; without a comparison they are null.</summary>
sealed record QuantizationFigures(
    string Path,
    int ProductCount,
    int CalibrationRowCount,
    long SourceBytes,
    long Bytes,
    ModelFigures? Before,
    ModelFigures? After,
    double? Difference,
    double? Low,
    double? High,
    string? Split,
    string? Data,
    string? NotCompared
)
{
    public static QuantizationFigures Of(QuantizationResult result, ModelComparison? comparison, string? absence) =>
        new(
            result.Path,
            result.ProductCount,
            result.CalibrationRowCount,
            result.SourceBytes,
            result.Bytes,
            comparison?.Before,
            comparison?.After,
            comparison?.Difference,
            comparison?.Low,
            comparison?.High,
            comparison?.Split,
            comparison?.Data,
            absence
        );
}
