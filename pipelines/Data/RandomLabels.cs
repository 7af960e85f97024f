namespace NoisyNN.Pipelines.Data;

/// <summary>An image source, some of whose rows have a random class in place of their own. Pixels and identities stay.</summary>
/// <remarks>
/// A network can only learn random labels by heart, so they show what memory does (Zhang et al., arXiv 1611.03530). The rows and their
/// classes are functions of the seed. A random class may be the row's own.
/// </remarks>
sealed class RandomLabels : ImageTable
{
    readonly ImageTable _table;
    readonly Dictionary<int, int> _classes;

    /// <param name="table">The source.</param>
    /// <param name="rows">The rows of which a share is chosen.</param>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="seed">Decides rows and classes.</param>
    public RandomLabels(ImageTable table, IReadOnlyList<int> rows, double share, int classCount, int seed)
        : base(table.Shape)
    {
        _table = table;
        var random = new Random(seed);
        _classes = StratifiedSampling
            .Choose(rows, table.ClassOf, (int)Math.Round(share * rows.Count), seed, "random labels")
            .ToDictionary(row => row, _ => random.Next(classCount));
    }

    public override int ClassOf(int row) => _classes.TryGetValue(row, out var random) ? random : _table.ClassOf(row);

    public override ReadOnlyMemory<char> IdOf(int row) => _table.IdOf(row);

    public override ReadOnlySpan<byte> PixelsOf(int row) => _table.PixelsOf(row);
}
