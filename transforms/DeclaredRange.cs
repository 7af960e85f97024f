using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace NoisyNN.Transforms;

/// <summary>The ranges that options and parameters declare with <see cref="RangeAttribute"/>.</summary>
static class DeclaredRange
{
    static readonly ConcurrentDictionary<(Type, string), RangeAttribute> s_known = new();

    /// <summary>The range of a parameter of a record.</summary>
    /// <exception cref="InvalidOperationException">The parameter declares none.</exception>
    public static RangeAttribute Of(Type record, string parameter) =>
        s_known.GetOrAdd(
            (record, parameter),
            static key =>
                key.Item1.GetConstructors()
                    .SelectMany(constructor => constructor.GetParameters())
                    .Where(candidate => candidate.Name == key.Item2)
                    .Select(candidate => candidate.GetCustomAttribute<RangeAttribute>())
                    .FirstOrDefault(range => range is not null)
                ?? throw new InvalidOperationException($"The parameter {key.Item2} of {key.Item1} declares no [Range].")
        );

    /// <summary>The value of a parameter of a record, if it lies in its range.</summary>
    /// <param name="record">The record.</param>
    /// <param name="value">The value.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="remedy">What the message ends with: "Give 0 for none."</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static T Require<T>(Type record, T value, string parameter, string remedy = "")
        where T : struct
    {
        var range = Of(record, parameter);
        return range.IsValid(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                parameter,
                value,
                FormattableString.Invariant($"It must be from {range.Minimum} to {range.Maximum}. {remedy}").TrimEnd()
            );
    }

    /// <summary>What a value must be: "at least 0 and below 1".</summary>
    public static string Words(RangeAttribute range)
    {
        var minimum = FormattableString.Invariant($"{(range.MinimumIsExclusive ? "above" : "at least")} {range.Minimum}");
        var maximum = FormattableString.Invariant($"{(range.MaximumIsExclusive ? "below" : "at most")} {range.Maximum}");
        return HasMaximum(range) ? $"{minimum} and {maximum}" : minimum;
    }

    /// <summary>Whether the range begins after the least value that its type can have.</summary>
    public static bool HasMinimum(RangeAttribute range) => range.Minimum is not (int.MinValue or double.MinValue or (double)float.MinValue);

    /// <summary>Whether the range ends before the greatest value that its type can have.</summary>
    public static bool HasMaximum(RangeAttribute range) => range.Maximum is not (int.MaxValue or double.MaxValue or (double)float.MaxValue);
}
