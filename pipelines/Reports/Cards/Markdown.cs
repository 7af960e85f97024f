using System.Text;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Reports.Cards;

/// <summary>Text of others in a Markdown file. It is shown letter by letter: no link, no markup, no new row of a table.</summary>
static class Markdown
{
    // What CommonMark, tables and formulas give a meaning to inside a line. A backslash takes it away.
    const string Marks = "\\`*_[]<>&|~#$!";

    /// <summary>A text as one line.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in Printable.Line(text))
        {
            if (Marks.Contains(letter, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(letter);
        }
        return escaped.ToString();
    }

    /// <summary>A block of code. Indented lines are code whatever they contain.</summary>
    public static string Code(string text) => string.Join('\n', Printable.Lines(text).Split('\n').Select(line => $"    {line}"));

    /// <summary>A table with its header. The cells are Markdown.</summary>
    public static string Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Join('\n', rows.Prepend([.. header.Select(_ => "---")]).Prepend(header).Select(cells => $"| {string.Join(" | ", cells)} |"));
}
