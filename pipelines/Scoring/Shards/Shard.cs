using System.Globalization;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Scoring.Shards;

/// <summary>One of several parts of a table. Each has rows that follow each other, and all parts together have every row once.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Count">The number of shards.</param>
readonly record struct Shard(int Number, int Count)
{
    /// <summary>The most shards of a table.</summary>
    public const int Most = 9999;

    /// <summary>The only shard of a table that is not divided.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>All shards of a table.</summary>
    public static IEnumerable<Shard> Of(int count) => Enumerable.Range(1, count).Select(number => new Shard(number, count));

    /// <summary>Reads a text such as <c>3/16</c>.</summary>
    /// <exception cref="UsageException">The text is not of this form, or there is no such shard.</exception>
    public static Shard Parse(string text)
    {
        if (text.Split('/') is [var first, var second] && Whole(first) is { } number && Whole(second) is { } count)
            return number >= 1 && number <= count && count <= Most
                ? new(number, count)
                : throw new UsageException($"--shard {text}: shards are numbered from 1 to their number, which is at most {Most}.");
        throw new UsageException($"--shard {text}: give the number of the shard and how many there are, such as 3/16.");

        static int? Whole(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>
    /// The rows of the shard. Shards begin between two batches of the whole table, so that every row is scored beside the same rows.
    /// </summary>
    /// <param name="rows">The number of rows of the table.</param>
    /// <param name="batchSize">Rows that are scored at once.</param>
    /// <returns>The index of the first row, and the number of rows, which may be 0.</returns>
    public (long First, long Count) RowsOf(long rows, int batchSize)
    {
        var (first, end) = (Boundary(Number - 1, Count), Boundary(Number, Count));
        return (first, end - first);

        long Boundary(int number, int count)
        {
            var batches = (rows + batchSize - 1) / batchSize;
            return Math.Min(rows, (batches * number + count - 1) / count * batchSize);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Number}/{Count}");
}
