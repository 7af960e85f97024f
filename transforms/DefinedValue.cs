using System.Runtime.CompilerServices;

namespace NoisyNN.Transforms;

/// <summary>A value of an enum that a cast or a file may have made from any number.</summary>
static class DefinedValue
{
    /// <summary>The value, if the enum has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has not; the message names the property and the values to choose from.</exception>
    public static T Require<T>(T value, [CallerMemberName] string property = "")
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                property,
                value,
                $"{property} is {value}. Give one of {string.Join(", ", Enum.GetNames<T>())}."
            );
}
