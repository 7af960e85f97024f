using NoisyNN.Transforms.Entropy.Spectra;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Tracking;

/// <summary>
/// Spectral entropies of many subsets of the same rows. The affinities of all rows are computed once; subsets of one size are measured
/// together.
/// </summary>
/// <param name="squared">Squared distances, [N, N], float64.</param>
/// <param name="sigma">σ.</param>
/// <param name="power">t.</param>
/// <param name="repetitions">The random subsets that a class is compared with.</param>
/// <param name="seed">Their seed.</param>
sealed class AffinityEntropies(Tensor squared, double sigma, double power, int repetitions, int seed) : IDisposable
{
    /// <summary>The most entries of the matrices that are decomposed together.</summary>
    const int MostEntries = 1 << 22;

    readonly Tensor _affinities = squared.mul(-0.5 / (sigma * sigma)).exp_().flatten().DetachFromDisposeScope();
    readonly int _count = (int)squared.shape[0];

    /// <summary>The entropy of some of the rows, in bits.</summary>
    public double Of(int[] rows) => Of([rows])[0];

    /// <summary>DSMI of some of the rows with their classes, as <see cref="Measured.MutualInformation"/> defines it.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classes">The class of each of these rows.</param>
    public double Information(int[] rows, IReadOnlyList<int> classes)
    {
        var own = rows.Index().GroupBy(row => classes[row.Index], row => row.Item).Select(members => members.ToArray()).ToArray();
        if (own.Length == 1)
            return 0;
        return own.GroupBy(members => members.Length)
            .Sum(same =>
            {
                int[][] subsets = [.. same];
                var matched = Of(Matched(rows, same.Key)).Average();
                return (double)same.Key / rows.Length * Of(subsets).Sum(entropy => matched - entropy);
            });
    }

    public void Dispose() => _affinities.Dispose();

    int[][] Matched(int[] rows, int size)
    {
        var random = new PythonRandom(seed);
        return [.. Enumerable.Range(0, repetitions).Select(_ => Array.ConvertAll(random.Sample(rows.Length, size), place => rows[place]))];
    }

    /// <summary>The entropies of subsets of one size.</summary>
    double[] Of(int[][] subsets)
    {
        var size = subsets[0].Length;
        return
        [
            .. subsets
                .Chunk(Math.Max(1, MostEntries / (size * size)))
                .SelectMany(chunk =>
                {
                    using var scope = NewDisposeScope();
                    var rows = from_array(chunk.SelectMany(subset => subset).Select(row => (long)row).ToArray()).reshape(-1, size);
                    var places = (rows.unsqueeze(2) * _count + rows.unsqueeze(1)).flatten();
                    var kernel = _affinities.index_select(0, places).reshape(-1, size, size);
                    var scale = kernel.sum(2).rsqrt_();
                    kernel.mul_(scale.unsqueeze(2)).mul_(scale.unsqueeze(1));
                    var values = linalg.eigvalsh(kernel).data<double>().ToArray();
                    return values.Chunk(size).Select(one => SpectralDistribution.Entropy(one, power)).ToArray();
                }),
        ];
    }
}
