using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>
/// Finds the columns that only count or name the rows and so are not features. Such a column has no name, or the name of an index, and no
/// two rows have the same value in it.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="header">The columns' names; null without a header.</param>
/// <param name="lines">The rows.</param>
/// <param name="isOfLabels">Whether the table has labels only, so that no option about the columns of rows applies.</param>
sealed partial class IndexColumns(string path, IReadOnlyList<string>? header, IReadOnlyList<TableLine> lines, bool isOfLabels)
{
    /// <summary>With fewer rows than this, a feature often counts them by chance.</summary>
    const int FewestRows = 3;

    /// <summary>Notes for the user about the columns that were examined.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Whether a column is an index.</summary>
    /// <param name="column">Its place, from 0.</param>
    /// <exception cref="InvalidDataException">It can be an index or a feature; the message has the option that decides.</exception>
    public bool IsIndex(int column)
    {
        var cells = lines.Select(line => line.Cells[column]).ToList();
        if (header is null)
        {
            if (column > 0 || !Counts(cells))
                return false;
            if (cells.Count >= FewestRows)
            {
                throw new InvalidDataException(
                    $"{path}, line {lines[0].Number}: the first column counts the rows from {cells[0]}. "
                        + $"It can be an index, or {Datum}. {Options("1")}"
                );
            }
            Notes.Add($"{path}: the first column counts the rows from {cells[0]} and is read as {Datum}.{Otherwise("1")}");
            return false;
        }

        var name = header[column];
        var isUnnamed = name.Length == 0 || Unnamed().IsMatch(name);
        if (!isUnnamed && !NameOfIndex().IsMatch(name))
        {
            if (column == 0 && Counts(cells))
                Notes.Add($"{path}: the column '{name}' counts the rows from {cells[0]} and is read as {Datum}.{Otherwise(name)}");
            return false;
        }

        var numbers = cells.ConvertAll(cell => NumberText.IsNumber(cell) ? NumberText.Parse(cell, '.') : null);
        var isMeasured = numbers.Exists(value => value is { } number && number != Math.Floor(number));
        // A refractive index has fractions and does not name a row.
        if (isMeasured && !isUnnamed)
            return false;
        var isUnique = cells.Distinct().Count() == cells.Count;
        if (isUnique && !isMeasured && !cells.Exists(NumberText.IsMissing))
        {
            var otherwise = isOfLabels ? "" : " --index-column none makes it a feature.";
            Notes.Add($"{path}: the column {Called(column)} is read as the index of the rows and left out.{otherwise}");
            return true;
        }
        return cells.Exists(cell => !NumberText.IsNumber(cell))
            ? false
            : throw new InvalidDataException(
                $"{path}, line {lines[0].Number}: the column {Called(column)} can be an index by its name, "
                    + $"but {(isMeasured ? "has fractions" : "its values repeat")}. "
                    + Options($"{column + 1}")
            );
    }

    string Called(int column) => header![column] is { Length: > 0 } name ? $"'{name}'" : $"{column + 1}, which has no name,";

    string Datum => isOfLabels ? "the labels" : "a feature";

    string Otherwise(string column) => isOfLabels ? "" : $" --index-column {column} leaves it out.";

    string Options(string column) =>
        isOfLabels
            ? "Leave one of the columns out of the file, or name them 'id' and 'label'."
            : $"Say which with --index-column {column} or --index-column none.";

    /// <summary>Whether each is one more than the one before.</summary>
    static bool Counts(List<string> cells)
    {
        if (cells.Count < 2 || NumberText.Parse(cells[0], '.') is not { } start || start != Math.Floor(start))
            return false;
        return cells.Index().All(cell => NumberText.Parse(cell.Item, '.') == start + cell.Index);
    }

    [GeneratedRegex(@"^Unnamed: [0-9]+(\.[0-9]+)?(_level_[0-9]+)?$")]
    private static partial Regex Unnamed();

    [GeneratedRegex(
        @"^(index|idx|id|_id|uuid|guid|#|no\.|nr\.?|row|row[ _.]?(id|index|names?|num|number|no)|level_[0-9]+|.*[ _]id|.*[a-z]I[dD])$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NameOfIndex();
}
