namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>The first lines of a table under one separator that cuts them into lines of equal length.</summary>
/// <param name="Separator">The separator.</param>
/// <param name="Columns">Cells in a line.</param>
/// <param name="NumberColumns">Columns whose cells are numbers.</param>
/// <param name="TextColumns">Columns with a cell that is not a number.</param>
/// <param name="Sample">A line of the file with the cells of <paramref name="Cells"/>.</param>
/// <param name="Cells">The cells of that line.</param>
sealed record TableReading(char Separator, int Columns, int NumberColumns, int TextColumns, int Sample, IReadOnlyList<string> Cells)
{
    /// <summary>Reads the text; null if the separator does not cut it into lines of as many cells each.</summary>
    public static TableReading? Of(string path, string text, bool isCut, char separator, char? decimalSign)
    {
        var reader = new TableLines(path, new StringReader(text), separator);
        try
        {
            reader.Read();
        }
        catch (InvalidDataException) when (isCut && reader.EndsInQuotes)
        {
            // The probe ends there, not the file.
        }
        catch (InvalidDataException)
        {
            return null; // A quote stands where it may not under this separator.
        }

        var lines = reader.Lines;
        if (lines.Count == 0)
            return null;

        var body = lines.Count > 1 ? lines[1..] : lines;
        var columns = body[0].Cells.Length;
        if (body.Exists(line => line.Cells.Length != columns) || !TableHeader.Fits(lines[0].Cells, columns))
            return null;
        if (separator == TableOptions.NoSeparator)
            return OneColumn(lines, body, decimalSign);
        if (columns == 1 || separator == ',' && decimalSign == ',' && !body.Exists(line => line.Quoted is not null))
            return null;
        // Blanks separate numbers and quoted cells. Words without quotes are parts of one cell.
        if (separator == ' ' && body.Exists(HasUnquotedWord))
            return null;
        var texts = Enumerable.Range(0, columns).Count(column => body.Exists(line => !IsNumberOrMissing(line.Cells[column])));
        return new(separator, columns, columns - texts, texts, body[0].Number, body[0].Cells);
    }

    /// <summary>Whether it is a single column in which some numbers have a comma and others have none.</summary>
    public bool HasCommaInSome { get; private init; }

    /// <summary>Whether it cuts every line into several numbers without blanks in them.</summary>
    public bool CutsNumbers => Columns > 1 && TextColumns == 0 && !Cells.Any(cell => cell.Contains(' '));

    /// <summary>Whether the sample has a cell of words that contains another separator.</summary>
    public bool HasSeparatorInText => Cells.Any(cell => !IsNumberOrMissing(cell) && cell.AsSpan().IndexOfAny(",;|\t") >= 0);

    /// <summary>Describes its reading of the sample, for messages.</summary>
    public string Describe() =>
        Columns == 1
            ? NumberColumns == 1
                ? $"the number '{Cells[0]}'{(Cells[0].Contains(',') ? " with a decimal comma" : "")}"
                : $"the single cell '{Cells[0]}'"
            : $"{Columns} cells, '{string.Join("' and '", Cells.Take(3))}'{(Columns > 3 ? " and so on" : "")}";

    static TableReading? OneColumn(List<TableLine> lines, List<TableLine> body, char? decimalSign)
    {
        if (!body.TrueForAll(line => NumberText.IsNumber(line.Cells[0])))
        {
            // What holds separators, or is nothing but numbers with blanks between them, is cut unevenly by those.
            return
                lines.Exists(line => !line.IsQuoted(0) && line.Cells[0].AsSpan().IndexOfAny(",;|\t") >= 0)
                || body.TrueForAll(line =>
                    line.Cells[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).All(NumberText.IsNumber)
                )
                ? null
                : new(TableOptions.NoSeparator, 1, 0, 1, body[0].Number, body[0].Cells);
        }

        // A decimal comma may as well separate two integers. A header of two names decides that, and so do one-hot labels of two classes.
        var hasComma = lines.Exists(line => !line.IsQuoted(0) && line.Cells[0].Contains(','));
        var hasTwoNames = lines[0].Cells[0] is var first && (first.StartsWith(',') || !NumberText.IsNumber(first) && first.Contains(','));
        if (hasComma && (decimalSign == '.' || hasTwoNames || lines.TrueForAll(line => line.Cells[0] is "0,1" or "1,0")))
            return null;
        var sample = body.Find(line => line.Cells[0].Contains(',')) is { Cells: not null } found ? found : body[0];
        return new(TableOptions.NoSeparator, 1, 1, 0, sample.Number, sample.Cells)
        {
            HasCommaInSome = hasComma && body.Exists(line => !line.IsQuoted(0) && !line.Cells[0].Contains(',')),
        };
    }

    static bool HasUnquotedWord(TableLine line) =>
        line.Cells.Index().Any(cell => !line.IsQuoted(cell.Index) && !IsNumberOrMissing(cell.Item));

    static bool IsNumberOrMissing(string cell) => NumberText.IsNumber(cell) || NumberText.IsMissing(cell);
}
