using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise;

/// <summary>Replaces each element by a scaled count.</summary>
internal sealed class PoissonKernel(PoissonNoise noise, ReadOnlySpan<int> dimensions) : NoiseKernel(dimensions)
{
    /// <summary>Counts above this are no longer whole numbers of a Single's 24 bits, nor of any sensor.</summary>
    private const double MaximumMean = 1 << 24;

    private readonly double _perUnit = noise.Photons / noise.White;
    private readonly double _unit = noise.White / noise.Photons;
    private readonly float _least = (float)(noise.Clip?.Low ?? float.NegativeInfinity);
    private readonly float _greatest = (float)(noise.Clip?.High ?? float.PositiveInfinity);

    private protected override void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var stream = new RowStream(seed, rows[row]);
            var values = block.Slice(row * RowLength, RowLength);
            for (var element = 0; element < values.Length; element++)
            {
                var mean = values[element] * _perUnit;
                if (!(mean >= 0 && mean <= MaximumMean))
                    throw Unfit(values[element], element, rows[row]);
                var count = PoissonCount.Draw(mean, stream, (uint)element);
                values[element] = Math.Min(Math.Max((float)(count * _unit), _least), _greatest);
            }
        }
    }

    private InvalidOperationException Unfit(float value, int element, DataViewRowId row) => new(
        $"Poisson noise counts photons, so it wants values from 0 to {MaximumMean * _unit:0.###e+0}; element {element} of row {row.Low} is {value:R}. " +
        "Put it on raw pixels, before they are normalised.");
}
