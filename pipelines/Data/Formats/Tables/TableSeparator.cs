using System.Text;
using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>
/// Finds the separator of a table: the one character under which all lines have the same number of cells and the columns are numbers.
/// </summary>
static partial class TableSeparator
{
    const int ProbedLines = 2000,
        ProbedCharacters = 1 << 20;

    static readonly (char Separator, string Name)[] s_names =
    [
        (',', "comma"),
        (';', "semicolon"),
        ('\t', "tab"),
        ('|', "pipe"),
        (' ', "space"),
        (TableOptions.NoSeparator, TableOptions.NoColumn),
    ];

    /// <summary>The names of separators, as an option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_names.Select(known => known.Name)];

    /// <summary>The separator for a name or for the character itself; null if there is none.</summary>
    public static char? Named(string name) =>
        s_names
            .Where(known => known.Name == name || known.Separator.ToString() == name)
            .Select(known => (char?)known.Separator)
            .FirstOrDefault();

    /// <summary>The name of a separator.</summary>
    public static string NameOf(char separator) => s_names.First(known => known.Separator == separator).Name;

    /// <summary>What Excel's first line <c>sep=;</c> declares; null for any other line.</summary>
    public static char? DeclaredBy(string line) =>
        Declaration().Match(line) is { Success: true } declared ? declared.Groups[1].Value[0] : null;

    /// <summary>Finds the separator from the first lines.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">The text from its beginning.</param>
    /// <param name="options">The options that the user gives.</param>
    /// <exception cref="InvalidDataException">The lines allow two readings that are equally good.</exception>
    public static char Find(string path, TextReader text, TableOptions options)
    {
        if (options.Separator is { } given)
            return given;
        var (probe, isCut) = Probe(text);
        if (DeclaredBy(probe[..Math.Max(0, probe.IndexOf('\n', StringComparison.Ordinal))]) is { } declared)
            return declared;

        // Lines of a single cell are a reading, too, such as numbers with decimal commas.
        var readings = s_names
            .Select(known => TableReading.Of(path, probe, isCut, known.Separator, options.DecimalSign))
            .OfType<TableReading>()
            .ToList();
        if (path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) && readings.Exists(reading => reading.Separator == '\t'))
            return '\t';
        if (readings.Exists(reading => reading.NumberColumns > 0))
            readings.RemoveAll(reading => reading.NumberColumns == 0);
        // Blanks separate if nothing else cuts the lines into numbers without blanks.
        if (readings.Exists(reading => reading.CutsNumbers && reading.Separator != ' '))
            readings.RemoveAll(reading => reading.Separator == ' ');
        KeepFewest(readings, reading => reading.TextColumns);
        if (readings.Exists(reading => reading.TextColumns > 0))
        {
            KeepFewest(readings, reading => -reading.NumberColumns);
            // A separator in the words of every line is cut wrongly. Numbers may contain a decimal comma.
            if (readings.Exists(reading => !reading.HasSeparatorInText))
                readings.RemoveAll(reading => reading.HasSeparatorInText);
        }
        return readings switch
        {
            [] => Ragged(probe),
            [{ HasCommaInSome: true, Sample: var line, Cells: [var cell] }] when options.DecimalSign is null =>
                throw new InvalidDataException(
                    $"{path}, line {line}: '{cell}' can be one number with a decimal comma, or two cells where other lines have one. "
                        + "Correct the line, or say --decimal comma."
                ),
            [var only] => only.Separator,
            [var first, var second, ..] => throw new InvalidDataException(
                $"{path}, line {first.Sample}: it can be {first.Describe()}, or {second.Describe()}. "
                    + $"Say which with --separator {NameOf(first.Separator)} or --separator {NameOf(second.Separator)}."
            ),
        };
    }

    static void KeepFewest(List<TableReading> readings, Func<TableReading, int> count)
    {
        var fewest = readings.Select(count).DefaultIfEmpty().Min();
        readings.RemoveAll(reading => count(reading) > fewest);
    }

    /// <summary>
    /// For lines that agree under no separator: the separator that cuts most of them alike, so that the message can name the others.
    /// </summary>
    static char Ragged(string probe)
    {
        var lines = probe.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var found = s_names.Where(known => known.Separator is not (' ' or TableOptions.NoSeparator)).MaxBy(known => Alike(known.Separator));
        return Alike(found.Separator) > 0 ? found.Separator
            : Alike(' ') > 0 ? ' '
            : ',';

        int Alike(char separator) =>
            lines
                .Select(line => line.Trim().Count(character => character == separator))
                .Where(count => count > 0)
                .GroupBy(count => count)
                .Select(alike => alike.Count())
                .DefaultIfEmpty()
                .Max();
    }

    static (string Text, bool IsCut) Probe(TextReader text)
    {
        var probe = new StringBuilder();
        for (var lines = 0; lines < ProbedLines && probe.Length < ProbedCharacters; lines++)
        {
            if (text.ReadLine() is not { } line)
                return (probe.ToString(), false);
            probe.Append(line).Append('\n');
        }
        return (probe.ToString(), text.Peek() >= 0);
    }

    [GeneratedRegex("^\"?sep=([,;\\t| ])\"?$", RegexOptions.IgnoreCase)]
    private static partial Regex Declaration();
}
