namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>
/// Decides whether the first line of a table has the columns' names. Names may be numbers, which programs write for columns without names.
/// Such a line is a header only if it cannot be a row. If it can be both, it is refused.
/// </summary>
sealed class TableHeader(string path, IReadOnlyList<TableLine> lines, TableOptions options, int? expectedRows)
{
    /// <summary>With at least this many columns, a row does not count 0, 1, 2 and so on by chance.</summary>
    const int ColumnsWithoutChance = 10;

    static readonly HashSet<string> s_labelNames = new(
        ["label", "labels", "class", "classes", "target", "targets", "y", "category", "species"],
        StringComparer.OrdinalIgnoreCase
    );

    readonly string[] _first = lines[0].Cells;
    readonly int _columns = lines.Count > 1 ? lines[1].Cells.Length : lines[0].Cells.Length;

    /// <summary>What the user should know about the decision.</summary>
    public string? Note { get; private set; }

    /// <summary>
    /// Whether a line can be the header of this many columns. It has one cell for each, one fewer beside row names, or one more that is
    /// empty.
    /// </summary>
    public static bool Fits(string[] cells, int columns) =>
        cells.Length == columns || cells.Length == columns - 1 || cells.Length == columns + 1 && cells[^1].Length == 0;

    /// <summary>Whether it is the usual name of a column of labels.</summary>
    public static bool IsLabelName(string name) => s_labelNames.Contains(name);

    /// <summary>Decides whether the first line is a header.</summary>
    /// <exception cref="InvalidDataException">Both readings are possible; the message has them and the option that decides.</exception>
    public bool Decide()
    {
        if (options.HasHeader is { } given)
            return given;
        if (lines.Count == 1)
            return expectedRows is null && _first.All(cell => !NumberText.IsNumber(cell) && !NumberText.IsMissing(cell));
        if (_first.Length != _columns)
            return IsHeaderByLength();

        int[] numbers = [.. Enumerable.Range(0, _columns).Where(IsColumnOfNumbers)];
        var words = numbers.Count(column => !NumberText.IsNumber(_first[column]) && !NumberText.IsMissing(_first[column]));
        var figures = _first.Where((cell, column) => numbers.Contains(column) && NumberText.IsNumber(cell)).ToList();
        var isNamed = words > 0 || IsNamedLabel(numbers);
        if (figures.Count == 0 && (isNamed || _first[0].Length == 0 && numbers.Contains(0) && _first.Skip(1).All(cell => cell.Length > 0)))
            return true;
        if (isNamed || _first.Contains(""))
        {
            // The names of some columns are numbers. Cells that count, beside a word or an empty cell, are not a row.
            if (Counts(figures) || figures.Count > 2 && IsSeries(figures))
                return true;
            return isNamed
                ? throw Ambiguous("the header", $"a row with the text '{_first.First(cell => !NumberText.IsNumber(cell))}'")
                : false;
        }
        return figures.Count > 0 && figures.Count == numbers.Length ? IsHeaderOfNumbers(numbers, figures) : IsHeaderOfWords();
    }

    /// <summary>
    /// A header that is shorter by one belongs to a table with row names, as R writes it; a longer one ends in a separator.
    /// </summary>
    bool IsHeaderByLength()
    {
        if (_first.Any(cell => !NumberText.IsNumber(cell) && !NumberText.IsMissing(cell)) || _first.Length > _columns)
            return true;
        throw new InvalidDataException(
            $"{path}, line {lines[0].Number}: {_first.Length} cells, but the lines after have {_columns}. "
                + $"If it names all columns but the first, say {options.HeaderOption} yes; if it is a row, complete it."
        );
    }

    /// <summary>A first line of numbers above columns of numbers.</summary>
    bool IsHeaderOfNumbers(int[] numbers, List<string> first)
    {
        if (expectedRows == lines.Count)
            return TellIfAlone();
        // Programs write all numbers of a column in one style. "0" above 0.25 and 1.0 has another style.
        var isOfAnotherStyle =
            first.TrueForAll(NumberText.IsInteger)
            && lines.Skip(1).All(line => numbers.All(column => !NumberText.IsInteger(line.Cells[column])));
        var counts = Counts(first);
        if (counts && (isOfAnotherStyle && first.Count > 2 || first.Count >= ColumnsWithoutChance))
        {
            Note = $"{Line} is read as the header, since it counts the columns. {options.HeaderOption} no reads it as a row.";
            return true;
        }
        if (expectedRows + 1 == lines.Count)
        {
            return IsBesideOneHot(numbers, first)
                ? true
                : throw Ambiguous("a header", $"the first of {lines.Count} labels, of which one is too many for {expectedRows} rows");
        }
        var isSuspect = first.Count switch
        {
            1 => first[0] == "0" && isOfAnotherStyle,
            2 => counts && NumberText.Parse(first[0], '.') == 0 || isOfAnotherStyle && first[0] != first[1] && IsOutside(numbers),
            _ => counts || isOfAnotherStyle && first.Distinct().Count() == first.Count || IsSeries(first) && IsOutside(numbers),
        };
        if (isSuspect)
            throw Ambiguous("the header", "a row of numbers");
        if (counts || isOfAnotherStyle && IsOutside(numbers))
            Note = $"{Line} is read as a row. {options.HeaderOption} yes reads it as the header.";
        return false;
    }

    /// <summary>
    /// A first line without numbers above columns of words. The number of rows decides, or the usual name of a column of labels.
    /// </summary>
    bool IsHeaderOfWords()
    {
        var word = _first[0];
        if (expectedRows is not { } rows || _columns > 1 || NumberText.IsMissing(word))
            return false;
        var isLikeOthers = lines.Skip(1).Any(line => line.Cells[0] == word);
        if (lines.Count == rows + 1 && isLikeOthers)
            throw Ambiguous("a header", $"the first of {lines.Count} labels, of which one is too many for {rows} rows");
        if (isLikeOthers || lines.Count != rows + 1 && !IsLabelName(word))
            return TellIfAlone();
        if (!IsLabelName(word))
            Note = $"{Line} is read as the header, since no other row has that label. {options.HeaderOption} no reads it as a label.";
        return true;
    }

    /// <summary>
    /// If there are as many labels as rows, there is no header. But a header can hide that a label is missing; then no other label equals
    /// it.
    /// </summary>
    bool TellIfAlone()
    {
        if (_columns == 1 && lines.Skip(1).All(line => line.Cells[0] != _first[0]))
            Note = $"{Line} is read as a label, which no other row has. {options.HeaderOption} yes reads it as the header.";
        return false;
    }

    bool IsColumnOfNumbers(int column)
    {
        var hasNumber = false;
        foreach (var line in lines.Skip(1))
        {
            if (NumberText.IsNumber(line.Cells[column]))
                hasNumber = true;
            else if (!NumberText.IsMissing(line.Cells[column]))
                return false;
        }
        return hasNumber;
    }

    /// <summary>Whether a column of words has a usual name, which none of its words is.</summary>
    bool IsNamedLabel(int[] numbers) =>
        Enumerable
            .Range(0, _columns)
            .Except(numbers)
            .Any(column => _columns > 1 && IsLabelName(_first[column]) && lines.Skip(1).All(line => line.Cells[column] != _first[column]));

    /// <summary>Whether the rows are one-hot labels and the first line is not, as a header such as 0, 1, 2.</summary>
    bool IsBesideOneHot(int[] numbers, List<string> first) =>
        numbers.Length > 1
        && OneHot.Classes(
            lines.Skip(1).Select(line => Array.ConvertAll(numbers, column => NumberText.Parse(line.Cells[column], '.') ?? double.NaN))
        )
            is not null
        && OneHot.Classes([
            [.. first.Select(cell => NumberText.Parse(cell, '.') ?? double.NaN)],
        ])
            is null;

    /// <summary>Whether all numbers of the first line lie beyond those of their columns.</summary>
    bool IsOutside(int[] numbers) =>
        numbers.All(column =>
        {
            var name = NumberText.Parse(_first[column], '.');
            var below = lines.Skip(1).Select(line => NumberText.Parse(line.Cells[column], '.'));
            var values = below.OfType<double>().Where(double.IsFinite).ToList();
            return values.Count > 0 && (name < values.Min() || name > values.Max());
        });

    /// <summary>Whether the cells count: 0, 1, 2 and so on, or 1, 2, 3.</summary>
    static bool Counts(List<string> cells) =>
        cells.Count > 0
        && NumberText.Parse(cells[0], '.') is { } start and (0 or 1)
        && cells.Index().All(cell => NumberText.Parse(cell.Item, '.') == start + cell.Index);

    /// <summary>Integers at equal distances, such as wavelengths or years.</summary>
    static bool IsSeries(List<string> cells)
    {
        if (!cells.TrueForAll(NumberText.IsInteger))
            return false;
        var values = cells.ConvertAll(cell => NumberText.Parse(cell, '.') ?? double.NaN);
        return values[1] != values[0] && values.Skip(1).Zip(values, (next, value) => next - value).Distinct().Count() == 1;
    }

    InvalidDataException Ambiguous(string asHeader, string asRow) =>
        new($"{Line} can be {asHeader}, or {asRow}. Say which with {options.HeaderOption} yes or {options.HeaderOption} no.");

    string Line => $"{path}, line {lines[0].Number} ({string.Join(", ", _first.Take(4))}{(_first.Length > 4 ? ", …" : "")})";
}
