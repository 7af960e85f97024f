using System.Globalization;
using System.Text.RegularExpressions;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Text as a field of a table. Spreadsheets take a field that begins with <c>= + - @</c> for a formula and compute it, so it gets an
/// apostrophe before it; a field that has
/// such apostrophes of its own gets one more. To have the text back, take one away wherever apostrophes stand before one of these
/// characters, then read the codes
/// of <see cref="Printable"/>. Numbers stay numbers.
/// </summary>
static partial class TableField
{
    /// <summary>
    /// A field of RFC 4180, where line breaks are quoted, or of a table with tabs, where what would break the line is escaped with a
    /// backslash.
    /// </summary>
    public static string Of(string text, char separator)
    {
        text = Formula().IsMatch(text) && !IsNumber(text) ? $"'{text}" : text;
        if (separator != ',')
            return Printable.Lines(
                text.Replace("\\", @"\\", StringComparison.Ordinal)
                    .Replace("\t", @"\t", StringComparison.Ordinal)
                    .Replace("\r", @"\r", StringComparison.Ordinal)
                    .Replace("\n", @"\n", StringComparison.Ordinal)
            );
        text = Quotable(text);
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // Line by line, as these may stay within quotes.
    static string Quotable(string text) =>
        LineBreak().Replace(text, "\n") is var lines && lines == text && !text.Contains('\n', StringComparison.Ordinal)
            ? Printable.Line(text)
            : string.Join('\n', lines.Split('\n').Select(Printable.Line));

    static bool IsNumber(string text) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out _
        );

    // Full-width forms are formulas to spreadsheets, too, and so is what follows a tab or a line break.
    [GeneratedRegex("^[\\s']*[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20]")]
    private static partial Regex Formula();

    [GeneratedRegex("\r\n")]
    private static partial Regex LineBreak();
}
