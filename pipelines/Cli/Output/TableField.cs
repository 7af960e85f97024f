using System.Globalization;
using System.Text.RegularExpressions;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Text as a field of a table. Spreadsheets evaluate a field that begins with <c>= + - @</c> as a formula, so such a field gets an
/// apostrophe in front. A field that already has such apostrophes gets one more. To restore the text, remove one apostrophe in front of
/// these characters, then decode the codes of <see cref="Printable"/>. Numbers stay numbers.
/// </summary>
static partial class TableField
{
    /// <summary>
    /// A field of RFC 4180, where line breaks stand within quotes. In a table with tabs, a backslash escapes what would break the line.
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

    // Line breaks may stay within quotes, so each line is made printable by itself.
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

    // Spreadsheets also evaluate full-width forms, and what follows a tab or a line break.
    [GeneratedRegex("^[\\s']*[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20]")]
    private static partial Regex Formula();

    [GeneratedRegex("\r\n")]
    private static partial Regex LineBreak();
}
