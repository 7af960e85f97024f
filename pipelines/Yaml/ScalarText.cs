using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Reads words without quotes by the core schema of YAML 1.2. Words that versions of YAML read differently, such as <c>no</c> and
/// <c>010</c>, are refused; <see cref="Remedy"/> says what to write.
/// </summary>
static partial class ScalarText
{
    /// <summary>Whether the text means that there is no value.</summary>
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>A Boolean value, or null.</summary>
    public static bool? Boolean(string text) =>
        text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => null,
        };

    /// <summary>An integer, or null. No value is rounded.</summary>
    public static int? Integer(string text) =>
        !LeadingZero().IsMatch(text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : null;

    /// <summary>An integer of 64 bits, or null. A power of ten such as <c>8e9</c> is an integer.</summary>
    public static long? LongInteger(string text) =>
        !LeadingZero().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
        : Number(text) is { } number && number == Math.Floor(number) && Math.Abs(number) < long.MaxValue ? (long)number
        : null;

    /// <summary>A finite number, or null.</summary>
    public static double? Number(string text) =>
        DecimalNumber().IsMatch(text)
        && !LeadingZero().IsMatch(text)
        && double.Parse(text, CultureInfo.InvariantCulture) is var number
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>A clause that says what to write in place of a refused value; empty if there is no suggestion.</summary>
    public static string Remedy(YamlNode node, Type type)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text } scalar || type == typeof(string))
            return "";
        if (scalar.Style is not ScalarStyle.Plain)
            return (type == typeof(bool) ? Boolean(text) is not null : Number(text) is not null) ? "; leave out the quotes" : "";
        if (type == typeof(bool))
        {
            return text.ToLowerInvariant() switch
            {
                "yes" or "on" or "y" => "; write true",
                "no" or "off" or "n" => "; write false",
                _ => "",
            };
        }
        if (LeadingZero().IsMatch(text))
            return $"; versions of YAML read it as octal or as decimal; if it is decimal, leave out the 0 in front";
        if (DigitGroups().IsMatch(text))
            return $"; write {text.Replace("_", "", StringComparison.Ordinal)}";
        if (
            Hexadecimal().Match(text) is { Success: true } digits
            && int.TryParse(digits.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
        )
            return FormattableString.Invariant($"; write {value}");
        if (type == typeof(int) && Number(text) is { } number && number == Math.Floor(number))
        {
            return Math.Abs(number) > int.MaxValue
                ? $"; whole numbers from {int.MinValue} to {int.MaxValue} are read"
                : FormattableString.Invariant($"; write {number:0}");
        }
        return "";
    }

    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"^[-+]?0[0-9]+$")]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^[-+]?[0-9]+(_[0-9]+)+(\.[0-9]*)?$")]
    private static partial Regex DigitGroups();

    [GeneratedRegex(@"^0x([0-9a-fA-F]+)$")]
    private static partial Regex Hexadecimal();
}
