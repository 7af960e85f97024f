using System.Text;

namespace NoisyNN.Transforms.Text;

/// <summary>
/// Makes text from others (names of files, labels, tensors) safe for terminals, logs and pages. Characters that move the cursor, begin a
/// line, change the reading direction or are invisible are written as <c>\uXXXX</c>. A backslash before such a code is written as
/// <c>\u005c</c>, so that the original text can be restored.
/// </summary>
static class Printable
{
    const int ShortLength = 120;

    /// <summary>A name inside a message: one line of limited length.</summary>
    public static string Of(string text) =>
        Line(text.Length <= ShortLength ? text : text[..(char.IsHighSurrogate(text[ShortLength - 1]) ? ShortLength - 1 : ShortLength)]);

    /// <summary>One line, of any length.</summary>
    public static string Line(string text) => Escape(text, keepsLines: false);

    /// <summary>Any number of lines. Tabs stay, too.</summary>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    /// <summary>Whether a character is written unchanged.</summary>
    public static bool IsPlain(char character) =>
        !char.IsControl(character)
        && character switch
        {
            '\u00AD' or '\u061C' or '\u180E' or '\uFEFF' => false,
            // The scripts of India and Persia, and emoji, need joiners (200C, 200D).
            '\u200B' or '\u200E' or '\u200F' => false,
            >= '\u2028' and <= '\u202E' => false,
            >= '\u2060' and <= '\u206F' => false,
            _ => true,
        };

    static string Escape(string text, bool keepsLines)
    {
        for (var index = 0; index < text.Length; index++)
            if (!Stays(text, index, keepsLines))
                return EscapeFrom(text, index, keepsLines);
        return text;
    }

    static string EscapeFrom(string text, int start, bool keepsLines)
    {
        var escaped = new StringBuilder(text, 0, start, text.Length + 16);
        for (var index = start; index < text.Length; index++)
            if (Stays(text, index, keepsLines))
                escaped.Append(text[index]);
            else
                escaped.Append("\\u").Append(((int)text[index]).ToString("x4", null));
        return escaped.ToString();
    }

    static bool Stays(string text, int index, bool keepsLines) =>
        text[index] switch
        {
            '\n' or '\t' => keepsLines,
            '\r' => keepsLines && index + 1 < text.Length && text[index + 1] == '\n',
            // JSON and other texts of several lines have escapes of their own.
            '\\' => keepsLines || !IsCode(text.AsSpan(index + 1)),
            // Half of a surrogate pair is not a character. It would become a question mark, and different texts would look the same.
            var high when char.IsHighSurrogate(high) => index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]),
            var low when char.IsLowSurrogate(low) => index > 0 && char.IsHighSurrogate(text[index - 1]),
            var character => IsPlain(character),
        };

    static bool IsCode(ReadOnlySpan<char> text) =>
        text.Length >= 5
        && text[0] == 'u'
        && char.IsAsciiHexDigit(text[1])
        && char.IsAsciiHexDigit(text[2])
        && char.IsAsciiHexDigit(text[3])
        && char.IsAsciiHexDigit(text[4]);
}
