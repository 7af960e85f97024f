using System.Globalization;
using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>An exception's message as one line, without the tail about parameters that .NET adds.</summary>
public static partial class OneLine
{
    /// <summary>The cause and the remedy of an exception, in one line.</summary>
    public static string Of(Exception exception)
    {
        var message = LineBreaks().Replace(ParameterTail().Replace(exception.Message, ""), " ").Trim();
        var value = Convert.ToString((exception as ArgumentOutOfRangeException)?.ActualValue, CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(value) || message.Contains(value, StringComparison.Ordinal)
            ? message
            : $"{message.TrimEnd('.')}, got {value}";
    }

    [GeneratedRegex(@"\s*\(Parameter '[^']*'\)(\s*Actual value was [^\n]*)?")]
    private static partial Regex ParameterTail();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
