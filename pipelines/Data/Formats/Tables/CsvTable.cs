using System.Globalization;
using System.Text;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>
/// A table of text as people and programs write it. It may have commas, semicolons, tabs, bars or blanks as separators, a header, decimal
/// points or commas, and an index of the rows. If the lines allow one reading, the table has it. If they allow two, the table is refused
/// before any work, and <see cref="TableOptions"/> decide.
/// </summary>
public sealed class CsvTable
{
    readonly string _path;
    readonly TableOptions _options;
    readonly Action<string> _note;
    readonly List<TableLine> _rows;
    readonly bool _hasRowNames;

    CsvTable(
        string path,
        TableOptions options,
        Action<string> note,
        IReadOnlyList<string>? header,
        bool hasRowNames,
        List<TableLine> rows
    ) => (_path, _options, _note, Header, _hasRowNames, _rows) = (path, options, note, header, hasRowNames, rows);

    /// <summary>The columns' names; null without a header.</summary>
    public IReadOnlyList<string>? Header { get; }

    /// <summary>The number of rows, without the header.</summary>
    public int RowCount => _rows.Count;

    /// <summary>The number of cells in each row.</summary>
    public int ColumnCount => _rows[0].Cells.Length;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is known about the table; null if nothing is.</param>
    /// <param name="note">
    /// Receives what a user should know: which lines were left out, and what the rules of the format alone did not decide.
    /// </param>
    /// <param name="expectedRows">The number of rows, if it is known; it helps to distinguish a header from a row.</param>
    /// <exception cref="InvalidDataException">
    /// There are no rows, rows of different lengths, or two possible readings; the message has file, line and remedy.
    /// </exception>
    public static CsvTable Read(string path, TableOptions? options = null, Action<string>? note = null, int? expectedRows = null)
    {
        options ??= new();
        note ??= _ => { };
        try
        {
            char separator;
            using (var probe = EncodedText.Open(path))
                separator = TableSeparator.Find(path, probe, options);
            using var text = EncodedText.Open(path);
            var reader = new TableLines(path, text, separator);
            return Read(path, options, note, expectedRows, separator, reader.Read(), reader);
        }
        catch (DecoderFallbackException malformed)
        {
            throw EncodedText.Undecodable(path, malformed);
        }
    }

    static CsvTable Read(
        string path,
        TableOptions options,
        Action<string> note,
        int? expectedRows,
        char separator,
        List<TableLine> lines,
        TableLines reader
    )
    {
        if (lines.Count == 0)
        {
            throw new InvalidDataException(
                reader.LeadingComment is null
                    ? $"{path} has no rows."
                    : $"{path} has no rows; all of its lines begin with #, as comments do. Put such cells in quotes."
            );
        }
        Require(path, lines, separator);
        CutLastSeparator(lines);
        var header = new TableHeader(path, lines, options, expectedRows);
        string[]? names = null;
        if (header.Decide())
        {
            names = lines[0].Cells;
            lines.RemoveAt(0);
            if (lines.Count == 0)
                throw new InvalidDataException(
                    $"{path} has a header and no rows. If its only line is a row, say {options.HeaderOption} no."
                );
        }
        LeftOut(path, note, reader.Comments, "begins with #", "begin with #");
        LeftOut(path, note, reader.Blanks, "has no values", "have no values");
        if (header.Note is { } decided)
            note(decided);

        var columns = lines[0].Cells.Length;
        var hasRowNames = names?.Length == columns - 1;
        names = hasRowNames ? ["", .. names!] : names;
        return new(path, options, note, names ?? NamesIn(reader.LeadingComment, separator, columns), hasRowNames, lines);
    }

    /// <summary>
    /// The names in a comment such as numpy's <c># a,b,c</c>, if there is one for each column. They decide nothing but the names.
    /// </summary>
    static string[]? NamesIn(string? comment, char separator, int columns)
    {
        try
        {
            return
                comment is not null
                && new TableLines("", new StringReader(comment), separator).Read() is [{ Cells: var cells }]
                && cells.Length == columns
                ? cells
                : null;
        }
        catch (InvalidDataException)
        {
            return null; // Quotes in a comment mean nothing.
        }
    }

    /// <summary>
    /// If every line ends in a separator, no column follows it. The header may lack that separator, or be the only line with it.
    /// </summary>
    static void CutLastSeparator(List<TableLine> lines)
    {
        var columns = lines[^1].Cells.Length;
        var isHeaderLonger = lines[0].Cells.Length == columns + 1;
        var isCut =
            columns > 1
            && lines.Skip(1).All(line => line.Cells[^1].Length == 0)
            && (lines[0].Cells[^1].Length == 0 || lines.Count > 1 && lines[0].Cells.Length == columns - 1);
        for (var index = 0; index < lines.Count; index++)
        {
            if (index == 0 ? isHeaderLonger || isCut && lines[0].Cells.Length == columns : isCut)
                lines[index] = lines[index] with { Cells = lines[index].Cells[..^1] };
        }
    }

    static void LeftOut(string path, Action<string> note, (int Count, int First) lines, string reasonOfOne, string reasonOfMany)
    {
        if (lines.Count == 1)
            note($"{path}: line {lines.First} is left out, because it {reasonOfOne}.");
        else if (lines.Count > 1)
            note($"{path}: {lines.Count} lines are left out, because they {reasonOfMany}; the first is line {lines.First}.");
    }

    /// <exception cref="InvalidDataException">A line has more cells than the others, or fewer.</exception>
    static void Require(string path, List<TableLine> lines, char separator)
    {
        // If only one line has another length, that line is wrong. The first line may be a header.
        var isFirstAlone = lines.Count > 1 && lines.Skip(2).All(line => line.Cells.Length == lines[1].Cells.Length);
        var usual = isFirstAlone ? lines[1].Cells.Length : lines.GroupBy(line => line.Cells.Length).MaxBy(alike => alike.Count())!.Key;
        for (var index = 0; index < lines.Count; index++)
        {
            var (number, cells) = (lines[index].Number, lines[index].Cells.Length);
            if (cells == usual || index == 0 && TableHeader.Fits(lines[0].Cells, usual))
                continue;
            var reason = separator switch
            {
                TableOptions.NoSeparator => "",
                ' ' => " If blanks do not separate the cells, name the separator with --separator.",
                var sign => $" If a cell has a {TableSeparator.NameOf(sign)} in it, put the cell in quotes. "
                    + "If something else separates the cells, name it with --separator.",
            };
            var others = usual == lines[0].Cells.Length ? "lines before have" : "other lines have";
            throw new InvalidDataException($"{path}, line {number}: {cells} cells, but the {others} {usual}.{reason}");
        }
    }

    /// <summary>
    /// The position of a column, by its name in the header or its number from 1. If both fit, <c>name:2</c> and <c>number:2</c> decide.
    /// </summary>
    /// <exception cref="InvalidDataException">No column fits, or several do.</exception>
    public int Find(string column)
    {
        var isName = column.StartsWith("name:", StringComparison.Ordinal) && Header?.Contains(column) != true;
        var isNumber = column.StartsWith("number:", StringComparison.Ordinal) && Header?.Contains(column) != true;
        var word = isName || isNumber ? column[(column.IndexOf(':', StringComparison.Ordinal) + 1)..] : column;
        int[] named = isNumber || Header is null ? [] : [.. Header.Index().Where(name => name.Item == word).Select(name => name.Index)];
        var hasNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var numbered = hasNumber && !isName && number >= 1 && number <= ColumnCount ? number - 1 : default(int?);
        if (named.Length > 1)
        {
            throw new InvalidDataException(
                $"{_path} has {named.Length} columns named '{word}', {string.Join(" and ", named.Select(index => index + 1))}. "
                    + $"Give the number, as in number:{named[0] + 1}."
            );
        }
        if (named is [var byName] && numbered is { } byNumber && byName != byNumber)
        {
            throw new InvalidDataException(
                $"{_path}: '{word}' is the name of column {byName + 1} and the number of the column '{Header![byNumber]}'. "
                    + $"Say which with name:{word} or number:{word}."
            );
        }
        return named is [var only]
            ? only
            : numbered
                ?? throw new InvalidDataException(
                    $"{_path} has no column '{column}'; it has "
                        + (Header is null ? $"{ColumnCount} columns without names." : $"{string.Join(", ", Header)}.")
                );
    }

    /// <summary>The columns with data: all but the index of the rows and the column of labels.</summary>
    /// <param name="label">The position of the labels, from 0; null if there are none.</param>
    /// <exception cref="InvalidDataException">A column can be an index or data; the message has the option that decides.</exception>
    public IReadOnlyList<int> DataColumns(int? label = null)
    {
        var candidates = Enumerable.Range(0, ColumnCount).Where(column => column != label).ToList();
        if (_options.IndexColumn == TableOptions.NoColumn || candidates.Count == 1)
            return candidates;
        var given = _options.IndexColumn is { } name ? Find(name) : default(int?);
        var index = new IndexColumns(_path, Header, _rows, _options.IsOfLabels);
        candidates.RemoveAll(column =>
            column == given || _hasRowNames && column == 0 || (given is null || Header is not null) && index.IsIndex(column)
        );
        foreach (var remark in index.Notes)
            _note(remark);
        return candidates.Count > 0
            ? candidates
            : throw new InvalidDataException(
                $"{_path} has no column but the index of its rows{(label is null ? "" : " and the labels")}. Say --index-column "
                    + "none if it is data."
            );
    }

    /// <summary>The line of the file where a row begins.</summary>
    public int LineOf(int row) => _rows[row].Number;

    /// <summary>Whether a column has a cell that is neither a number nor a mark for a missing value.</summary>
    public bool IsText(int column) =>
        _rows.Exists(row => !NumberText.IsNumber(row.Cells[column]) && !NumberText.IsMissing(row.Cells[column]));

    /// <summary>The cells of one column.</summary>
    /// <exception cref="InvalidDataException">A cell is empty.</exception>
    public IReadOnlyList<string> Column(int column) =>
        [.. _rows.Select(row => row.Cells[column].Length > 0 ? row.Cells[column] : throw Fault(row.Number, column, "is empty"))];

    /// <summary>The cells of some columns as numbers, row by row.</summary>
    /// <exception cref="InvalidDataException">A cell is not a finite number, or has more digits than a number keeps.</exception>
    public double[] Numbers(IReadOnlyList<int> columns)
    {
        var cells = _rows.SelectMany(row => columns.Select(column => (row.Number, row.Cells[column])));
        var sign = DecimalSign.Of(_path, cells, _options.DecimalSign);
        var values = new double[RowCount * columns.Count];
        var next = 0;
        foreach (var row in _rows)
        {
            foreach (var column in columns)
            {
                var cell = row.Cells[column];
                if (NumberText.Parse(cell, sign) is not { } value || !double.IsFinite(value))
                    throw Fault(row.Number, column, WhyNoNumber(cell, row));
                if (!NumberText.IsExact(cell, value))
                    throw Fault(
                        row.Number,
                        column,
                        $"is {cell}, an integer beyond 2^53, which a feature cannot hold exactly. {Remedy(column)}"
                    );
                values[next++] = value;
            }
        }
        return values;
    }

    string WhyNoNumber(string cell, TableLine row) =>
        (
            cell.Length == 0
                ? "is empty. Fill it, or leave the row or the column out"
                : $"is '{cell}', not a finite number. Leave the row or the column out, or "
                    + "name the column as that of the labels if it holds them"
        ) + (Header is null && row.Number == _rows[0].Number ? $"; if the line is a header, say {_options.HeaderOption} yes" : "");

    static string Remedy(int column) =>
        $"Leave out a column of ids with --index-column {column + 1}, or name labels with --label-column {column + 1}";

    InvalidDataException Fault(int line, int column, string what) =>
        new($"{_path}, line {line}, column {column + 1}{(Header is null ? "" : $" ('{Header[column]}')")}: the cell {what}.");
}
