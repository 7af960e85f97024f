using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>Some rows of a column with their classes, in disjoint blocks of equal composition and in random order.</summary>
sealed class AdviceSample
{
    const int DefaultBlocks = 20;

    AdviceSample(float[] values, int[] dimensions, RowClasses classes, int blocks, long totalRows, IReadOnlyList<string> leftOut) =>
        (Values, Dimensions, Classes, Blocks, TotalRows, LeftOut) = (values, dimensions, classes, blocks, totalRows, leftOut);

    /// <summary>The rows, one block after the other.</summary>
    public float[] Values { get; }

    /// <summary>Shape of one row.</summary>
    public int[] Dimensions { get; }

    public RowClasses Classes { get; }

    public int Blocks { get; }

    public int RowCount => Classes.Indexes.Count;

    public int RowsPerBlock => RowCount / Blocks;

    /// <summary>Rows of the view.</summary>
    public long TotalRows { get; }

    /// <summary>Classes with too few rows for two in each block.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <exception cref="ArgumentException">The label column is missing or cannot be used.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows or only one class, or a value is not finite.</exception>
    public static AdviceSample Read(IDataView view, string columnName, string labelColumnName, AdviceOptions options)
    {
        var column = BlockInput.Find(view.Schema, columnName);
        var label =
            view.Schema.GetColumnOrNull(labelColumnName)
            ?? throw new ArgumentOutOfRangeException(
                nameof(labelColumnName),
                $"Could not find label column '{labelColumnName}'. The view has "
                    + $"{string.Join(", ", view.Schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}."
            );
        var total = Count(view);
        var wanted = (int)Math.Min(total, (long)(options.Blocks ?? DefaultBlocks) * options.RowsPerBlock);
        var (values, classes) = Gather(view, column, label, [.. new PythonRandom(options.Seed).Sample(total, wanted)]);

        var members = classes.Names.Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < classes.Indexes.Count; row++)
            members[classes.Indexes[row]].Add(row);
        // As many blocks as leave a few rows of the second largest class in each. Without that class there is nothing to distinguish.
        var second = members.Select(rows => rows.Count).OrderDescending().ElementAtOrDefault(1);
        var blocks = options.Blocks ?? Math.Clamp(second / 6, AdviceOptions.MinimumBlocks, DefaultBlocks);
        var used = members.Where(rows => rows.Count >= 2 * blocks).ToArray();
        if (used.Length < 2)
        {
            throw new InvalidOperationException(
                $"{wanted} rows of column '{columnName}' have "
                    + $"{(members.Length == 1 ? "one class" : $"fewer than two classes with {2 * blocks} rows")} "
                    + $"in label column '{labelColumnName}'. "
                    + $"The advice compares {blocks} blocks with at least two rows of each class: give more "
                    + $"rows{(members.Length == 1 ? " of other classes" : "")}."
            );
        }
        int[] order = [.. Deal(used, blocks, options.Seed)];
        var dealt = new float[order.Length * column.Length];
        for (var row = 0; row < order.Length; row++)
            values.AsSpan(order[row] * column.Length, column.Length).CopyTo(dealt.AsSpan(row * column.Length));
        return new(
            dealt,
            [.. ((VectorDataViewType)column.Column.Type).Dimensions],
            classes.Select(order),
            blocks,
            total,
            [.. classes.Names.Where((_, index) => members[index].Count < 2 * blocks)]
        );
    }

    /// <summary>Every block gets the same number of rows of each class.</summary>
    static IEnumerable<int> Deal(List<int>[] classes, int blocks, int seed)
    {
        var random = new Random(seed);
        foreach (var rows in classes)
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows));
        for (var block = 0; block < blocks; block++)
        {
            int[] chosen = [.. classes.SelectMany(rows => rows.Skip(block * (rows.Count / blocks)).Take(rows.Count / blocks))];
            random.Shuffle(chosen);
            foreach (var row in chosen)
                yield return row;
        }
    }

    static (float[] Values, RowClasses Classes) Gather(IDataView view, BlockInput column, DataViewSchema.Column label, HashSet<int> chosen)
    {
        var values = new float[checked(chosen.Count * column.Length)];
        using var cursor = view.GetRowCursor([column.Column, label]);
        var getter = cursor.GetGetter<VBuffer<float>>(column.Column);
        var labels = LabelReader.Create(cursor, label, new(), chosen.Count);
        var (value, row) = (default(VBuffer<float>), 0);
        while (cursor.MoveNext())
        {
            if (!chosen.Contains((int)cursor.Position))
                continue;
            getter(ref value);
            var target = values.AsSpan(row++ * column.Length, column.Length);
            column.Copy(value, target, cursor.Position);
            foreach (var element in target)
            {
                if (!float.IsFinite(element))
                    throw new InvalidOperationException(
                        $"Column '{column.Column.Name}' is {element} in row {cursor.Position}. Replace or "
                            + "drop such rows first, for instance with ReplaceMissingValues."
                    );
            }
            labels.Read();
        }
        return (values, row > 0 ? labels.ToClasses() : throw new InvalidOperationException($"Column '{column.Column.Name}' has no rows."));
    }

    static int Count(IDataView view)
    {
        if (view.GetRowCount() is { } known)
            return checked((int)known);
        using var cursor = view.GetRowCursor([]);
        var count = 0;
        while (cursor.MoveNext())
            count++;
        return count;
    }
}
