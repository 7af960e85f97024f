using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Onnx.Quantization;

namespace NoisyNN.Pipelines.Cli.Reports.Models;

/// <summary>Prints the effect of quantization on size, accuracy and speed.</summary>
static class QuantizationText
{
    public static void Print(Terminal terminal, TextWriter lines, QuantizationResult result, ModelComparison? comparison, string? absence)
    {
        lines.WriteLine(
            FormattableString.Invariant(
                $"{result.Path}: {result.ProductCount} products in eight bits, {result.Bytes:N0} bytes instead of {result.SourceBytes:N0}"
            )
        );
        if (absence is not null)
            lines.WriteLine($"not compared: {absence} Name data with --data.");
        if (comparison is null)
            return;
        terminal.Table(
            ["model", "accuracy", "log-loss", "rows/s", "bytes"],
            [
                ["float32", .. comparison.Before.Cells, FormattableString.Invariant($"{result.SourceBytes:N0}")],
                ["int8", .. comparison.After.Cells, FormattableString.Invariant($"{result.Bytes:N0}")],
            ]
        );
        terminal.Output.WriteLine(
            FormattableString.Invariant($"int8 minus float32: {100 * comparison.Difference:+0.00;-0.00;0.00} points (95 % interval ")
                + FormattableString.Invariant($"{100 * comparison.Low:+0.00;-0.00;0.00} to {100 * comparison.High:+0.00;-0.00;0.00}, ")
                + FormattableString.Invariant($"paired) on {comparison.Before.Rows:N0} {comparison.Split} rows of {comparison.Data}")
        );
    }
}
