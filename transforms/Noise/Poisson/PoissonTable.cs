namespace NoisyNN.Transforms.Noise.Poisson;

/// <summary>
/// Poisson counts for the whole values of 8-bit pixels, 0 to 255, by inversion in a table of cumulative probabilities. A guide table
/// brings the search to two comparisons on average, whatever the mean. Source: Chen and Asau, On generating random variates from an
/// empirical distribution, AIIE Transactions 6, 1974.
/// </summary>
sealed class PoissonTable
{
    const int Values = 256;
    const int Guides = 256;
    const double MaximumMean = 256;

    readonly ushort[] _guide = new ushort[Values * Guides];
    readonly int[] _start = new int[Values];
    readonly double[] _cumulative;

    PoissonTable(double perUnit)
    {
        var cumulative = new List<double>();
        for (var value = 0; value < Values; value++)
        {
            _start[value] = cumulative.Count;
            var (mean, count) = (value * perUnit, 0);
            var (probability, sum) = (Math.Exp(-mean), Math.Exp(-mean));
            // Ends when the rest is below the resolution of a uniform number.
            for (; count < mean || probability > 1e-18; probability *= mean / ++count, sum += probability)
                cumulative.Add(sum);
            cumulative.Add(double.PositiveInfinity);
            for (var (guide, index) = (0, 0); guide < Guides; guide++)
            {
                while (guide / (double)Guides > cumulative[_start[value] + index])
                    index++;
                _guide[value * Guides + guide] = (ushort)index;
            }
        }
        _cumulative = [.. cumulative];
    }

    /// <summary>The table for this number of photons per unit of the signal; null if it would be large.</summary>
    public static PoissonTable? Create(double perUnit) => perUnit * (Values - 1) <= MaximumMean ? new(perUnit) : null;

    /// <summary>Whether a value has an entry.</summary>
    public static bool Has(float value) => value >= 0 && value < Values && value == (int)value;

    /// <summary>The count of a value that <see cref="Has"/> an entry, for a uniform number in (0, 1).</summary>
    public int Invert(int value, double uniform)
    {
        var count = (int)_guide[value * Guides + (int)(uniform * Guides)];
        for (var index = _start[value] + count; uniform > _cumulative[index]; index++)
            count++;
        return count;
    }
}
