using Microsoft.ML;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Batches;

namespace NoisyNN.Models.Training.Folds;

/// <summary>
/// Stratified k-fold splits: every row is in exactly one fold, each class is spread over the folds as evenly as it goes (counts differ by
/// at most one), and so are all rows. Which rows go together depends on the seed alone.
/// </summary>
public static class KFold
{
    /// <summary>One view to train on and one to test on for each fold.</summary>
    /// <param name="data">The rows; the views read them in their order and keep their ids.</param>
    /// <param name="folds">How many, at least 2.</param>
    /// <param name="labelColumnName">A key column with key values.</param>
    /// <param name="seed">Decides which rows go together.</param>
    /// <exception cref="ArgumentException">There are more folds than rows of a class, so that a fold would have none of it.</exception>
    /// <exception cref="InvalidDataException">A row has no label.</exception>
    public static IReadOnlyList<(IDataView Train, IDataView Test)> Split(
        IDataView data,
        int folds = 5,
        string labelColumnName = "Label",
        int seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var label = KeyColumn.Find(data.Schema, labelColumnName);
        var foldOf = Assign(ReadClasses(data, label), label.Labels, folds, seed);
        return
        [
            .. Enumerable
                .Range(0, folds)
                .Select(fold =>
                    ((IDataView)new RowSubset(data, row => foldOf[row] != fold), (IDataView)new RowSubset(data, row => foldOf[row] == fold))
                ),
        ];
    }

    static List<int> ReadClasses(IDataView data, KeyColumn label)
    {
        var column = data.Schema[label.Name];
        using var cursor = data.GetRowCursor([column]);
        var getClass = KeyColumn.GetClassReader(cursor, column);
        var classes = new List<int>();
        while (cursor.MoveNext())
            classes.Add(
                getClass() is >= 0 and var present
                    ? present
                    : throw new InvalidDataException(
                        $"Row {cursor.Position} has no label: its value in '{label.Name}' is missing or not among the "
                            + "key values. Filter such rows, or map them."
                    )
            );
        return classes;
    }

    /// <summary>
    /// The fold of each row, from 0: the shuffled rows of each class are dealt out to the folds, going on where the class before stopped.
    /// </summary>
    /// <param name="classes">The class of each row, an index into <paramref name="labels"/>.</param>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="folds">How many, at least 2.</param>
    /// <param name="seed">Decides which rows go together.</param>
    /// <exception cref="ArgumentException">There are more folds than rows of a class.</exception>
    public static int[] Assign(IReadOnlyList<int> classes, IReadOnlyList<string> labels, int folds, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var foldOf = new int[classes.Count];
        var next = 0;
        foreach (var rows in Enumerable.Range(0, classes.Count).GroupBy(row => classes[row]).OrderBy(rows => rows.Key))
        {
            var members = rows.ToArray();
            if (members.Length < folds)
                throw new ArgumentException(
                    $"'{labels[rows.Key]}' has {members.Length} rows, too few for {folds} folds; take fewer folds, or leave the class out.",
                    nameof(folds)
                );
            foreach (var index in SampleOrder.Shuffle(members.Length, RandomStream.Create(seed, RandomStream.Folds, rows.Key)))
                foldOf[members[index]] = next++ % folds;
        }
        return foldOf;
    }
}
