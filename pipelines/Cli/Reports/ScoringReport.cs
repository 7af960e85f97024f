using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>The result of <c>score</c>.</summary>
/// <param name="Output">The table.</param>
/// <param name="Split">The split of the data set; null for images and rows of numbers.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Skipped">Files that could not be read.</param>
/// <param name="RowsPerSecond">The rate of this run.</param>
/// <param name="Setting">The batches that were scored.</param>
sealed record ScoringReport(string Output, string? Split, long Rows, long Skipped, double RowsPerSecond, OnnxBatchSetting Setting)
{
    public void Print(Terminal terminal) =>
        terminal.Note(
            FormattableString.Invariant($"{Rows}{(Split is null ? "" : $" {Split}")} rows to {Output}, ")
                + FormattableString.Invariant($"{RowsPerSecond:0} rows/s ({Setting})")
                + (Skipped > 0 ? FormattableString.Invariant($"; {Skipped} unreadable files left out") : "")
        );
}
