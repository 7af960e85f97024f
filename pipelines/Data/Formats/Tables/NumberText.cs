using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>Numbers as people write them: with a decimal point or comma, with thousands in groups, with a typographic minus.</summary>
static partial class NumberText
{
    static readonly HashSet<string> s_missing = new(
        ["", "nan", "na", "n/a", "#n/a", "<na>", "null", "none", "-", "?"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether programs write it for a missing value.</summary>
    public static bool IsMissing(string cell) => s_missing.Contains(cell);

    /// <summary>Whether it is a number under any convention, finite or not.</summary>
    public static bool IsNumber(string cell) =>
        IsSimple(cell)
        || Plain().IsMatch(cell)
        || Comma().IsMatch(cell)
        || Infinite().IsMatch(cell)
        || CommaGroups().IsMatch(cell)
        || PointGroups().IsMatch(cell)
        || BlankGroups().IsMatch(cell);

    /// <summary>Whether it is an integer of digits alone.</summary>
    public static bool IsInteger(string cell) => !cell.Contains('.') && (IsSimple(cell) || Integer().IsMatch(cell));

    /// <summary>Whether it reads as one number with a decimal comma, and as two integers with a comma between them.</summary>
    public static bool IsTwoIntegersOrOneNumber(string cell) => TwoIntegers().IsMatch(cell);

    /// <summary>
    /// Its value under a decimal sign; null if it is not a number. The other sign and blanks may stand between groups of three digits.
    /// </summary>
    /// <param name="cell">The text.</param>
    /// <param name="decimalSign">A point or a comma.</param>
    public static double? Parse(string cell, char decimalSign)
    {
        if (decimalSign == '.' && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain))
            return plain;
        if (!IsNumber(cell))
            return null;
        var figures = cell.Replace('\u2212', '-');
        if (BlankGroups().IsMatch(figures))
            figures = string.Concat(figures.Where(character => char.IsAsciiDigit(character) || character is '-' or '+' or '.' or ','));
        var groups = decimalSign == '.' ? ',' : '.';
        if (figures.Contains(groups, StringComparison.Ordinal))
        {
            if (!(groups == ',' ? CommaGroups() : PointGroups()).IsMatch(figures))
                return null;
            figures = figures.Replace($"{groups}", "", StringComparison.Ordinal);
        }
        return double.TryParse(figures.Replace(decimalSign, '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>Whether a floating-point number keeps all digits of an integer. Beyond 2^53 most integers lose some.</summary>
    public static bool IsExact(string cell, double value)
    {
        if (cell.Length < 16 || !IsInteger(cell))
            return true;
        var figures = cell.Replace('\u2212', '-');
        return new BigInteger(value) == BigInteger.Parse(figures, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The fast path for most cells: digits with at most a minus and a point. Tables have millions of them.</summary>
    static bool IsSimple(string cell)
    {
        var (figures, points) = (0, 0);
        for (var index = cell.StartsWith('-') ? 1 : 0; index < cell.Length; index++)
        {
            if (char.IsAsciiDigit(cell[index]))
                figures++;
            else if (cell[index] != '.' || ++points > 1)
                return false;
        }
        return figures > 0;
    }

    // The digits belong to one part of the pattern, or a cell of many digits would take time by the square of their number.
    [GeneratedRegex(@"^[-+\u2212]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[-+\u2212]?([0-9]*,[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^[-+]?(inf|infinity|nan|∞)$", RegexOptions.IgnoreCase)]
    private static partial Regex Infinite();

    [GeneratedRegex(@"^[-+\u2212]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+\u2212]?[0-9]+,[0-9]+$")]
    private static partial Regex TwoIntegers();

    [GeneratedRegex(@"^[-+\u2212]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$")]
    private static partial Regex CommaGroups();

    [GeneratedRegex(@"^[-+\u2212]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]*)?$")]
    private static partial Regex PointGroups();

    [GeneratedRegex(@"^[-+\u2212]?[1-9][0-9]{0,2}([ '\u00A0\u2019\u202F][0-9]{3})+([.,][0-9]*)?$")]
    private static partial Regex BlankGroups();
}
