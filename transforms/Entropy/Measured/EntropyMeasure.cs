using NoisyNN.Transforms.Entropy.Spectra;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>The entropy of rows, in bits, by one set of options.</summary>
sealed class EntropyMeasure(EntropyOptions options, CancellationToken cancellation = default)
{
    /// <summary>Measures exactly, or approximately if the options say so and there are enough rows.</summary>
    public MeasuredEntropy Of(KernelRows rows)
    {
        cancellation.ThrowIfCancellationRequested();
        return options.IsApproximate && rows.Count >= ApproximateEntropy.FewestRows
            ? ApproximateEntropy.Of(rows, options.Mode == EntropyMode.Spectral ? options.Power : 1, options.Seed, cancellation)
            : new(Exactly(rows));
    }

    double Exactly(KernelRows rows) =>
        options.Mode switch
        {
            EntropyMode.Spectral => Spectral(rows, options.Power),
            EntropyMode.AnisotropicAdjacency => Spectral(rows, 1),
            EntropyMode.Adjacency => OfEigenvalues(type => DiffusionKernel.Affinities(rows, type)),
            EntropyMode.MatrixEntry => MatrixEntry(rows),
            EntropyMode.NeighborAdjacency => Neighbors(rows),
            EntropyMode.ClassicShannon => ClassicShannon.Entropy(rows.Features, options.Bins),
            _ => throw new ArgumentOutOfRangeException(nameof(rows), options.Mode, "Unknown mode."),
        };

    double Spectral(KernelRows rows, double power) => OfEigenvalues(type => DiffusionKernel.Symmetric(rows, type), power);

    static double MatrixEntry(KernelRows rows)
    {
        using var scope = NewDisposeScope();
        var entries = DiffusionKernel.Symmetric(rows, ScalarType.Float64);
        entries.div_(entries.sum(1, keepdim: true));
        // The rows of a random walk sum to 1, the matrix to N.
        var shares = entries.div_(rows.Count).add_(2.220446049250313e-16);
        return -shares.mul(shares.log2()).sum().item<double>();
    }

    double Neighbors(KernelRows rows)
    {
        if (rows.Count < options.Neighbors)
            throw new ArgumentException(
                $"{rows.Count} rows have no {options.Neighbors} nearest neighbours, including the "
                    + "row itself; use fewer neighbours or leave out small classes.",
                nameof(rows)
            );
        using var scope = NewDisposeScope();
        var graph = DiffusionKernel.Neighbors(rows.Features, options.Neighbors);
        var asymmetry = graph.sub(graph.T).abs().max().item<double>();
        return SpectralDistribution.Entropy(
            (asymmetry == 0 ? linalg.eigvalsh(graph) : linalg.eigvals(graph).abs()).data<double>().ToArray()
        );
    }

    /// <summary>Computes in float32, unless so many eigenvalues are as small as its rounding that the entropy would show it.</summary>
    double OfEigenvalues(Func<ScalarType, Tensor> symmetric, double power = 1)
    {
        if (options.Precision == EntropyPrecision.Single)
        {
            var values = Eigenvalues(symmetric(ScalarType.Float32));
            var largest = values.Max();
            if (values.Count(value => Math.Abs(value) < 1e-6 * largest) <= 2 * values.Sum(Math.Abs) / largest)
                return SpectralDistribution.Entropy(values, power);
        }
        return SpectralDistribution.Entropy(Eigenvalues(symmetric(ScalarType.Float64)), power);
    }

    static double[] Eigenvalues(Tensor symmetric)
    {
        // The transpose is the same matrix in the order that LAPACK needs, which saves a copy.
        using (symmetric)
        using (var turned = symmetric.T)
        using (var values = linalg.eigvalsh(turned))
        using (var doubles = values.to_type(ScalarType.Float64))
            return doubles.data<double>().ToArray();
    }
}
