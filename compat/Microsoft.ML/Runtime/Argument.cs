using System;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Runtime;

/// <summary>Checks of arguments with the exceptions that the official packages throw.</summary>
internal static class Argument
{
    public static void NonEmpty(string value, [CallerArgumentExpression(nameof(value))] string name = null)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentOutOfRangeException(name, $"{name} cannot be null or empty");
    }
}
