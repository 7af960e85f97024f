using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>The result of <c>score --shards</c>.</summary>
/// <param name="Output">The table.</param>
/// <param name="Shards">The shards that it was joined from.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Skipped">Files that could not be read.</param>
sealed record JoinedReport(string Output, int Shards, long Rows, long Skipped)
{
    public void Print(Terminal terminal) =>
        terminal.Note(
            FormattableString.Invariant($"{Rows} rows to {Output}, joined from {Shards} shards")
                + (Skipped > 0 ? FormattableString.Invariant($"; {Skipped} unreadable files left out") : "")
        );
}
