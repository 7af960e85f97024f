using System.Text;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>One line of cells.</summary>
/// <param name="Number">The line of the file where it begins, from 1.</param>
/// <param name="Cells">The cells, without the blanks and the quotes around them.</param>
/// <param name="Quoted">Which cells stood in quotes; null if none did.</param>
readonly record struct TableLine(int Number, string[] Cells, bool[]? Quoted)
{
    public bool IsQuoted(int column) => Quoted?[column] ?? false;
}

/// <summary>
/// Cuts text into lines of cells as RFC 4180 says, with any separator. Lines that are blank or begin with <c>#</c> hold no cells. They are
/// counted, so that the user learns about them. (CSV packages skip them silently, and do not say where a quote was opened.)
/// </summary>
/// <param name="path">How to call the file in messages.</param>
/// <param name="text">The text.</param>
/// <param name="separator">
/// A comma, a semicolon, a tab, a bar, a blank for any number of blanks, or <see cref="TableOptions.NoSeparator"/>.
/// </param>
sealed class TableLines(string path, TextReader text, char separator)
{
    readonly List<string> _cells = [];
    readonly List<bool> _quoted = [];
    readonly StringBuilder _content = new();
    int _number;

    /// <summary>Lines between rows that are comments, and the first of them.</summary>
    public (int Count, int First) Comments { get; private set; }

    /// <summary>Lines between rows that have no values, and the first of them.</summary>
    public (int Count, int First) Blanks { get; private set; }

    /// <summary>The comment right before the first row, where the names of columns may stand.</summary>
    public string? LeadingComment { get; private set; }

    /// <summary>The lines that have cells, as far as they are read.</summary>
    public List<TableLine> Lines { get; } = [];

    /// <summary>Whether the text ended within quotes.</summary>
    public bool EndsInQuotes { get; private set; }

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed, or stands where none may.</exception>
    public List<TableLine> Read()
    {
        var pending = (Count: 0, First: 0);
        while (text.ReadLine() is { } line)
        {
            _number++;
            if (_number == 1 && TableSeparator.DeclaredBy(line) is not null)
                continue;
            if (line.AsSpan().TrimStart() is ['#', .. var comment])
            {
                if (Lines.Count == 0)
                    LeadingComment = comment.Trim().ToString();
                else
                    Comments = (Comments.Count + 1, Comments.Count == 0 ? _number : Comments.First);
                continue;
            }
            var start = _number;
            Cut(line);
            if (_cells.TrueForAll(cell => cell.Length == 0) && !_quoted.Contains(true))
            {
                // Blank lines at the end of the file do not matter.
                pending = Lines.Count == 0 ? pending : (pending.Count + 1, pending.Count == 0 ? start : pending.First);
                continue;
            }
            if (pending.Count > 0)
                Blanks = (Blanks.Count + pending.Count, Blanks.Count == 0 ? pending.First : Blanks.First);
            pending = default;
            Lines.Add(new(start, [.. _cells], _quoted.Contains(true) ? [.. _quoted] : null));
        }
        return Lines;
    }

    void Cut(string line)
    {
        _cells.Clear();
        _quoted.Clear();
        var place = 0;
        do
        {
            place = SkipBlanks(line, place);
            if (place < line.Length && line[place] == '"')
            {
                place = CutQuoted(ref line, place);
                continue;
            }
            var end = EndOf(line, place);
            var cell = line.AsSpan(place, end - place).TrimEnd();
            if (cell.Contains('"'))
                throw Misplaced();
            Add(cell.ToString(), isQuoted: false);
            place = end;
        } while (HasNext(line, ref place));
    }

    /// <summary>Reads on in the next lines while the quote is open, and returns the place after the blanks that follow it.</summary>
    int CutQuoted(ref string line, int place)
    {
        var start = _number;
        _content.Clear();
        place++;
        while (true)
        {
            var quote = line.IndexOf('"', place);
            if (quote >= 0 && quote + 1 < line.Length && line[quote + 1] == '"')
            {
                _content.Append(line, place, quote + 1 - place);
                place = quote + 2;
                continue;
            }
            if (quote >= 0)
            {
                _content.Append(line, place, quote - place);
                break;
            }
            _content.Append(line, place, line.Length - place).Append('\n');
            if (text.ReadLine() is not { } next)
            {
                EndsInQuotes = true;
                throw new InvalidDataException($"{path}, line {start}: the quote that is opened there is never closed.");
            }
            (line, place) = (next, 0);
            _number++;
        }
        Add(_content.ToString().Trim(), isQuoted: true);
        var end = line.IndexOf('"', place) + 1;
        place = SkipBlanks(line, end);
        if (place < line.Length && line[place] != separator && !(separator == ' ' && place > end))
            throw Misplaced();
        return place;
    }

    void Add(string cell, bool isQuoted)
    {
        _cells.Add(cell);
        _quoted.Add(isQuoted);
    }

    /// <summary>Whether another cell follows; steps over the separator.</summary>
    bool HasNext(string line, ref int place)
    {
        if (separator == ' ')
            place = SkipBlanks(line, place);
        if (place == line.Length)
            return false;
        place += separator == ' ' ? 0 : 1;
        return true;
    }

    int EndOf(string line, int place)
    {
        var rest = line.AsSpan(place);
        var end = separator switch
        {
            ' ' => rest.IndexOfAny(' ', '\t'),
            TableOptions.NoSeparator => -1,
            _ => rest.IndexOf(separator),
        };
        return end < 0 ? line.Length : place + end;
    }

    int SkipBlanks(string line, int place)
    {
        while (place < line.Length && char.IsWhiteSpace(line[place]) && (line[place] != separator || separator == ' '))
            place++;
        return place;
    }

    InvalidDataException Misplaced() =>
        new($"{path}, line {_number}: a quote stands where none may be; write it twice inside a quoted cell.");
}
