using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace NoisyNN.Pipelines.Data;

/// <summary>A table of comma-separated values (or semicolons, or tabs, if the first line has those and no comma): quoted or not, with a header or not.</summary>
public sealed class CsvTable
{
    readonly string _path;
    readonly List<(int Line, string[] Cells)> _rows;

    CsvTable(string path, IReadOnlyList<string>? header, List<(int, string[])> rows) => (_path, Header, _rows) = (path, header, rows);

    /// <summary>The columns' names; null without a header.</summary>
    public IReadOnlyList<string>? Header { get; }

    /// <summary>Lines of cells, the header not counted.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Cells in each of them.</summary>
    public int ColumnCount => _rows[0].Cells.Length;

    /// <summary>Reads a file. The first line is a header if it has a cell that is no number below which there is one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectedRows">Where the number of rows is known, one line more means a header.</param>
    /// <exception cref="InvalidDataException">No rows, or rows of different lengths.</exception>
    public static CsvTable Read(string path, int? expectedRows = null)
    {
        var rows = new List<(int Line, string[] Cells)>();
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            Delimiter = Delimiter(path),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = bad => throw new InvalidDataException($"{path}, line {bad.Context.Parser!.RawRow}: a quote stands where none may be; write it twice inside a quoted cell."),
        };
        using (var reader = new StreamReader(path))
        using (var parser = new CsvParser(reader, configuration))
        {
            while (parser.Read())
            {
                var cells = parser.Record!;
                if (rows.Count > 0 && cells.Length != rows[0].Cells.Length)
                    throw new InvalidDataException($"{path}, line {parser.RawRow}: {cells.Length} cells, but the lines before have {rows[0].Cells.Length}.");
                rows.Add((parser.RawRow, cells));
            }
        }
        if (rows.Count == 0)
            throw new InvalidDataException($"{path} has no rows.");
        var hasHeader = expectedRows is { } count && rows.Count != count
            ? rows.Count == count + 1
            : rows.Count > 1 && expectedRows is null && Enumerable.Range(0, rows[0].Cells.Length).Any(column => !IsNumber(rows[0].Cells[column]) && IsNumber(rows[1].Cells[column]));
        if (!hasHeader)
            return new(path, null, rows);
        var header = rows[0].Cells;
        rows.RemoveAt(0);
        return new(path, header, rows);
    }

    /// <summary>The place of a column, by its name in the header or its number from 1.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int Find(string column)
    {
        var index = Header?.ToList().FindIndex(name => name == column) ?? -1;
        if (index < 0 && int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            index = number - 1;
        return index >= 0 && index < ColumnCount ? index : throw new InvalidDataException(
            $"{_path} has no column '{column}'; it has {(Header is null ? $"{ColumnCount} columns without names" : string.Join(", ", Header))}.");
    }

    /// <summary>The cells of one column.</summary>
    public IReadOnlyList<string> Column(int column) => [.. _rows.Select(row => row.Cells[column].Length > 0 ? row.Cells[column] : throw Fault(row.Line, column, "is empty"))];

    /// <summary>All cells as numbers, row by row, without one column.</summary>
    /// <exception cref="InvalidDataException">A cell is no finite number.</exception>
    public double[] Numbers(int? without = null)
    {
        var values = new double[RowCount * (ColumnCount - (without is null ? 0 : 1))];
        var next = 0;
        foreach (var (line, cells) in _rows)
        {
            for (var column = 0; column < cells.Length; column++)
            {
                if (column == without)
                    continue;
                values[next++] = double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                    ? value
                    : throw Fault(line, column, cells[column].Length == 0 ? "is empty" : $"is '{cells[column]}', no finite number. Leave the row or the column out, or name the column as that of the labels if it holds them");
            }
        }
        return values;
    }

    InvalidDataException Fault(int line, int column, string what) =>
        new($"{_path}, line {line}, column {column + 1}{(Header is null ? "" : $" ('{Header[column]}')")}: the cell {what}.");

    static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static string Delimiter(string path)
    {
        using var reader = new StreamReader(path);
        var first = reader.ReadLine() ?? "";
        return first.Contains(',') ? "," : first.Contains('\t') ? "\t" : first.Contains(';') ? ";" : ",";
    }
}
