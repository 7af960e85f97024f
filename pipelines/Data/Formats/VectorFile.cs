using System.Globalization;
using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Pipelines.Data;

/// <summary>Rows of numbers, and labels, from <c>.npy</c> and <c>.csv</c> files.</summary>
public static class VectorFile
{
    /// <summary>Reads rows, and the labels beside them if a column of a CSV file has some. The axes of an array after the first become one row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">A CSV file's column of labels, by name or number from 1.</param>
    /// <param name="clusters">Classes that continuous labels are divided into.</param>
    /// <exception cref="InvalidDataException">The file is missing or not right.</exception>
    public static (FeatureMatrix Rows, RowClasses? Classes) Read(string path, string? labelColumn = null, int clusters = 10)
    {
        if (IsNpy(path))
        {
            if (labelColumn is not null)
                throw new InvalidDataException($"{path} has no columns with names; give the labels as a file of their own.");
            var array = NpyFile.Read(path);
            return (Matrix(path, array), null);
        }
        var table = CsvTable.Read(path);
        var label = labelColumn is null ? default(int?) : table.Find(labelColumn);
        if (label is not null && table.ColumnCount == 1)
            throw new InvalidDataException($"{path} has the labels' column only; there is nothing to measure.");
        return (new(table.Numbers(label), table.ColumnCount - (label is null ? 0 : 1)), label is null ? null : Words(path, table.Column(label.Value), clusters));
    }

    /// <summary>Reads labels: words or whole numbers are classes; numbers with fractions, and rows of several numbers, are divided into some.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many are needed.</param>
    /// <param name="clusters">Classes that continuous labels are divided into.</param>
    /// <exception cref="InvalidDataException">The file is missing, not right, or has another number of labels.</exception>
    public static RowClasses ReadLabels(string path, int rows, int clusters = 10)
    {
        if (IsNpy(path))
        {
            var array = NpyFile.Read(path);
            Require(path, array.Shape[0], rows);
            return array.Values.Length > rows ? SpectralClustering.Cluster(Matrix(path, array), clusters)
                : array.IsWhole ? RowClasses.Of(array.Values.Select(value => (long)value))
                : Numbers(path, array.Values, clusters);
        }
        var table = CsvTable.Read(path, rows);
        Require(path, table.RowCount, rows);
        return table.ColumnCount > 1
            ? SpectralClustering.Cluster(new(table.Numbers(), table.ColumnCount), clusters)
            : Words(path, table.Column(0), clusters);
    }

    static RowClasses Words(string path, IReadOnlyList<string> labels, int clusters)
    {
        var numbers = new double[labels.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (!double.TryParse(labels[row], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[row]))
                return RowClasses.Of(labels);
        }
        return labels.All(label => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) ? RowClasses.Of(labels) : Numbers(path, numbers, clusters);
    }

    static RowClasses Numbers(string path, double[] labels, int clusters)
    {
        var row = Array.FindIndex(labels, label => !double.IsFinite(label));
        return row < 0 ? RowClasses.Of(labels, clusters) : throw new InvalidDataException($"{path}: the label of row {row} is {labels[row]}; give every row one, or leave such rows out.");
    }

    static FeatureMatrix Matrix(string path, NpyFile array)
    {
        var rows = array.Shape[0];
        if (array.Values.Length == 0)
            throw new InvalidDataException($"{path} is empty: its shape is ({string.Join(", ", array.Shape)}).");
        var dimension = array.Values.Length / rows;
        for (var i = 0; i < array.Values.Length; i++)
        {
            if (!double.IsFinite(array.Values[i]))
                throw new InvalidDataException($"{path} is {array.Values[i]} at element {i % dimension} of row {i / dimension}. An entropy needs finite values: replace or drop them before.");
        }
        return new(array.Values, dimension);
    }

    static void Require(string path, int found, int rows)
    {
        if (found != rows)
            throw new InvalidDataException($"{path} has {found} labels for {rows} rows; give every row one.");
    }

    static bool IsNpy(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"there is no file {path}.");
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => true,
            ".csv" or ".tsv" or ".txt" => false,
            _ => throw new InvalidDataException($"{path} is neither .npy nor .csv by its name; other files are not read."),
        };
    }
}
