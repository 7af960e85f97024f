using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Spectra;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>Rows of numbers, and labels, from <c>.npy</c> and <c>.npz</c> arrays and from tables of text.</summary>
public static class VectorFile
{
    /// <summary>Names of columns whose numbers are more probably labels than a feature.</summary>
    static readonly HashSet<string> s_labelNames = new(StringComparer.OrdinalIgnoreCase) { "label", "labels", "class", "target" };

    /// <summary>
    /// Reads rows, and the labels beside them if a column of a table has some. The axes of an array after the first become one row.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">
    /// A table's column of labels, by name or number from 1; <see cref="TableOptions.NoColumn"/> if every column is a feature, whatever its
    /// name.
    /// </param>
    /// <param name="clusters">The number of classes for continuous labels.</param>
    /// <param name="table">What is known about a table of text.</param>
    /// <param name="note">Receives notes about how the file was read, in sentences.</param>
    /// <exception cref="InvalidDataException">The file is missing or invalid, or allows two readings.</exception>
    public static (FeatureMatrix Rows, RowClasses? Classes) Read(
        string path,
        string? labelColumn = null,
        int clusters = 10,
        TableOptions? table = null,
        Action<string>? note = null
    )
    {
        if (IsArray(path))
        {
            return labelColumn is null or TableOptions.NoColumn
                ? (Matrix(path, NpyFile.Read(path)), null)
                : throw new InvalidDataException($"{path} has no columns with names; give the labels as a file of their own.");
        }

        var rows = CsvTable.Read(path, table, note);
        var label = labelColumn is null or TableOptions.NoColumn ? default(int?) : rows.Find(labelColumn);
        if (label is not null && rows.ColumnCount == 1)
            throw new InvalidDataException($"{path} has the labels' column only; there is nothing to measure.");
        if (labelColumn is null && rows.ColumnCount > 1 && rows.Header?.FirstOrDefault(s_labelNames.Contains) is { } suspect)
        {
            throw new InvalidDataException(
                $"{path}: the column '{suspect}' can hold the labels, or a feature. "
                    + $"Say which with --label-column {suspect} or --label-column {TableOptions.NoColumn}."
            );
        }
        var columns = rows.DataColumns(label);
        var features = new FeatureMatrix(rows.Numbers(columns), columns.Count);
        return label is { } labels
            ? (features, LabelText.Classes(path, rows.Column(labels), rows.LineOf, clusters, table?.DecimalSign, note))
            : (features, null);
    }

    /// <summary>
    /// Reads labels. Words and integers are classes, and so are one-hot columns of 0 and 1. Numbers with fractions, and other rows of
    /// several numbers, are divided into classes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The number of labels that are needed.</param>
    /// <param name="clusters">The number of classes for continuous labels.</param>
    /// <param name="table">What is known about a table of text.</param>
    /// <param name="note">Receives notes about how the file was read, in sentences.</param>
    /// <exception cref="InvalidDataException">
    /// The file is missing or invalid, allows two readings, or has another number of labels.
    /// </exception>
    public static RowClasses ReadLabels(string path, int rows, int clusters = 10, TableOptions? table = null, Action<string>? note = null)
    {
        if (IsArray(path))
            return ReadLabelArray(path, rows, clusters, note);

        var labels = CsvTable.Read(path, (table ?? new()) with { IsOfLabels = true, IndexColumn = null }, note, rows);
        Require(path, labels.RowCount, rows, labels.Header);
        var columns = labels.DataColumns();
        if (columns is [var only])
            return LabelText.Classes(path, labels.Column(only), labels.LineOf, clusters, table?.DecimalSign, note);
        if (columns.Any(labels.IsText))
        {
            throw new InvalidDataException(
                $"{path} has {columns.Count} columns with words, of which one alone can be the labels. "
                    + "Leave one column; put cells that have a separator in them in quotes, or say --separator none."
            );
        }
        return OfRows(path, new(labels.Numbers(columns), columns.Count), clusters, column => labels.Header?[columns[column]]);
    }

    /// <summary>Whether the name of a file is that of an array; otherwise it is a table of text.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or its name is of neither kind.</exception>
    public static bool IsArray(string path)
    {
        RegularFile.Require(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" or ".npz" => true,
            ".csv" or ".tsv" or ".txt" => false,
            _ => throw new InvalidDataException($"{path} is neither .npy nor .csv by its name; other files are not read."),
        };
    }

    static RowClasses ReadLabelArray(string path, int rows, int clusters, Action<string>? note)
    {
        if (NpyFile.ReadTexts(path) is { } texts)
        {
            Require(path, texts.Count, rows);
            return texts.All(text => long.TryParse(text, out _))
                ? RowClasses.Of(texts.Select(long.Parse))
                : LabelText.Classes(path, texts, row => row, clusters, '.', note);
        }
        var array = NpyFile.Read(path);
        Require(path, array.Shape[0], rows);
        if (array.Values.Length > rows)
            return OfRows(path, Matrix(path, array), clusters, _ => null);
        if (array.IsWhole)
            return RowClasses.Of(array.Values.Select(value => (long)value));
        array.RequireExactIntegers(path);
        return LabelText.Numbers(path, array.Values, clusters);
    }

    /// <summary>Classes of rows of several numbers: the columns of one-hot rows, or clusters.</summary>
    static RowClasses OfRows(string path, FeatureMatrix rows, int clusters, Func<int, string?> name)
    {
        var cells = Enumerable.Range(0, rows.RowCount).Select(row => rows[row].ToArray());
        if (OneHot.Classes(cells) is not { } classes)
        {
            return !OneHot.LacksClass(cells, out var row)
                ? SpectralClustering.Cluster(rows, clusters)
                : throw new InvalidDataException(
                    $"{path}: each row needs a 1 in the column of its class, but row {row} has none. Give it one, or leave the row out."
                );
        }
        return name(0) is null
            ? RowClasses.Of(classes.Select(column => (long)column))
            : RowClasses.Of(classes.Select(column => name(column)!));
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
            {
                throw new InvalidDataException(
                    $"{path} is {array.Values[i]} at element {i % dimension} of row {i / dimension}. "
                        + "An entropy needs finite values: replace or drop them before."
                );
            }
        }
        return new(array.Values, dimension);
    }

    static void Require(string path, int found, int rows, IReadOnlyList<string>? header = null)
    {
        if (found != rows)
        {
            var names = header is null ? "" : $", its header ({string.Join(", ", header.Take(3))}) not counted";
            throw new InvalidDataException($"{path} has {found} labels for {rows} rows{names}; give every row one.");
        }
    }
}
