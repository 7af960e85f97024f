using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>Refuses values that are NaN or infinite: noise would spread them over the row or the batch.</summary>
static class FiniteValues
{
    /// <exception cref="InvalidOperationException">A value is not finite.</exception>
    public static void Require(ReadOnlySpan<float> values, string column, DataViewRowId row)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            // Only for NaN and the infinities, x - x is not 0.
            var lanes = Vector512.LoadUnsafe(ref start, (nuint)index);
            if (!Vector512.EqualsAll(lanes - lanes, Vector512<float>.Zero))
                break;
        }
        for (; index < values.Length; index++)
        {
            if (!float.IsFinite(values[index]))
            {
                throw new InvalidOperationException(
                    $"Column '{column}' is {values[index]} at element {index} of row {RowName.Of(row)}. "
                        + "Noise needs finite values. Drop NaN with Data.FilterRowsByMissingValues, "
                        + "or replace it with Transforms.ReplaceMissingValues, first."
                );
            }
        }
    }
}
