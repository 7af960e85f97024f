namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>Classes written as columns of 0 and 1, with a single 1 in each row.</summary>
static class OneHot
{
    /// <summary>The column of the 1 in each row; null if the rows are not one-hot.</summary>
    public static int[]? Classes(IEnumerable<double[]> rows)
    {
        var classes = new List<int>();
        foreach (var row in rows)
        {
            if (row.Length < 2 || !IsZeroOrOne(row) || row.Count(value => value == 1) != 1)
                return null;
            classes.Add(Array.IndexOf(row, 1));
        }
        return [.. classes];
    }

    /// <summary>Whether each row has at most one 1, and some row has none.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">The first row without a 1.</param>
    public static bool LacksClass(IEnumerable<double[]> rows, out int row)
    {
        row = -1;
        foreach (var (index, values) in rows.Index())
        {
            if (!IsZeroOrOne(values) || values.Count(value => value == 1) > 1)
                return false;
            if (row < 0 && !values.Contains(1))
                row = index;
        }
        return row >= 0;
    }

    static bool IsZeroOrOne(double[] row) => Array.TrueForAll(row, value => value is 0 or 1);
}
