using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>
/// Chooses rows with a probability. The choice is a pure function of (seed, row id), so every cursor chooses the same rows.
/// </summary>
readonly struct RowChoice(ulong seed, double probability)
{
    public bool Includes(DataViewRowId row)
    {
        if (probability >= 1)
            return true;
        var (word0, word1, _, _) = Philox4x32.Generate(
            new((uint)row.Low, (uint)(row.Low >> 32), (uint)row.High, (uint)(row.High >> 32)),
            (uint)seed,
            (uint)(seed >> 32)
        );
        return ((ulong)word1 << 32 | word0) * Math.ScaleB(1, -64) < probability;
    }
}
