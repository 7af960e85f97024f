using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The name of a column and of the one that it is computed from.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        Argument.NonEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    public string InputColumnName { get; }

    public string OutputColumnName { get; }

    internal static IReadOnlyList<InputOutputColumnPair> Check(InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Length > 0 && columns.All(pair => pair is not null)
            ? columns
            : throw new ArgumentOutOfRangeException(nameof(columns), "At least one pair of columns is needed, and none may be null.");
    }
}
