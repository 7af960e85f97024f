using System.Runtime.Intrinsics;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.Poisson;

/// <summary>
/// Replaces each element by a scaled count: whole values of 8-bit pixels by a table, others by <see cref="PoissonCount"/>.
/// </summary>
sealed class PoissonKernel(PoissonNoise noise, ReadOnlySpan<int> dimensions) : NoiseKernel(dimensions)
{
    /// <summary>Counts above this are no longer whole numbers of a Single's 24 bits, nor of any sensor.</summary>
    const double MaximumMean = 1 << 24;

    // Two words for each element.
    const int BlockLength = RowStream.BlockLength / 2;

    readonly double _perUnit = noise.Photons / noise.White;
    readonly double _unit = noise.White / noise.Photons;
    readonly float _least = (float)(noise.Clip?.Low ?? float.NegativeInfinity);
    readonly float _greatest = (float)(noise.Clip?.High ?? float.PositiveInfinity);

    // Kernels are also created to check a column. Only those that are applied need the table.
    readonly Lazy<PoissonTable?> _table = new(() => PoissonTable.Create(noise.Photons / noise.White));

    private protected override void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        var table = _table.Value;
        for (var row = 0; row < rows.Length; row++)
        {
            var stream = new RowStream(seed, rows[row]);
            var values = block.Slice(row * RowLength, RowLength);
            for (var start = 0; start < values.Length; start += BlockLength)
                Apply(values, start, stream, table, rows[row]);
        }
    }

    void Apply(Span<float> row, int start, in RowStream stream, PoissonTable? table, DataViewRowId id)
    {
        stream.Draw((uint)start / BlockLength, out var words);
        Span<uint> bits = stackalloc uint[RowStream.BlockLength];
        words.First.CopyTo(bits);
        words.Second.CopyTo(bits[16..]);
        words.Third.CopyTo(bits[32..]);
        words.Fourth.CopyTo(bits[48..]);
        for (var element = start; element < Math.Min(row.Length, start + BlockLength); element++)
        {
            var value = row[element];
            var count =
                table is not null && PoissonTable.Has(value)
                    ? table.Invert((int)value, RowStream.Uniform(bits[element - start], bits[element - start + BlockLength]))
                    : PoissonCount.Draw(Mean(value, element, id), stream, (uint)element);
            row[element] = Math.Min(Math.Max((float)(count * _unit), _least), _greatest);
        }
    }

    /// <exception cref="InvalidOperationException">The value cannot be a count of photons.</exception>
    double Mean(float value, int element, DataViewRowId row) =>
        value * _perUnit is >= 0 and <= MaximumMean and var mean
            ? mean
            : throw new InvalidOperationException(
                $"Poisson noise counts photons, so it needs values from 0 to {MaximumMean * _unit:0.###e+0}; element {element} "
                    + $"of row {row.Low} is {value:R}. "
                    + "Put it on raw pixels, before they are normalised."
            );
}
