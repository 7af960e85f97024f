using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>The Gaussian affinities of all pairs of rows, and their diffusion matrix.</summary>
static class DiffusionKernel
{
    /// <summary>G = exp(-d²/2σ²), shape [N, N]. The factor 1/σ√2π of the reference cancels wherever G is used.</summary>
    public static Tensor Affinities(KernelRows rows, ScalarType type)
    {
        using var scope = NewDisposeScope();
        if (rows.RowSigmas is { } sigmas)
        {
            var inverse = from_array(sigmas).reciprocal();
            return Distances
                .Squared(rows.Features)
                .mul_(-0.5)
                .mul_(inverse.unsqueeze(1))
                .mul_(inverse.unsqueeze(0))
                .exp_()
                .to_type(type)
                .MoveToOuterDisposeScope();
        }
        var centred = Distances.Centred(rows.Features, type);
        if (!Distances.ProductsSuffice(centred, rows.Sigma) && type != ScalarType.Float64)
            centred = Distances.Centred(rows.Features, ScalarType.Float64);
        if (!Distances.ProductsSuffice(centred, rows.Sigma))
            return Distances
                .Differences(centred)
                .square()
                .mul_(-0.5 / (rows.Sigma * rows.Sigma))
                .exp_()
                .to_type(type)
                .MoveToOuterDisposeScope();

        // -d²/2σ² = xy - |x|²/2 - |y|²/2 for rows in units of σ. One call computes the product and the first sum.
        centred.div_(rows.Sigma);
        var halves = centred.square().sum(1).mul_(-0.5);
        return addmm(halves.unsqueeze(1), centred, centred.T, 1, 1)
            .add_(halves.unsqueeze(0))
            .exp_()
            .to_type(type)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// K = D^-½ G D^-½ with D the row sums of G: symmetric, with the eigenvalues of the random walk D⁻¹G. The reference computes the same;
    /// its comment describes the eigenvalues of another walk, from the row sums of K.
    /// </summary>
    public static Tensor Symmetric(KernelRows rows, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var affinities = Affinities(rows, type);
        var scale = affinities.sum(1).rsqrt_();
        return affinities.mul_(scale.unsqueeze(1)).mul_(scale.unsqueeze(0)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The graph of k nearest neighbours: 1 if row j is no farther from row i than its k-th nearest, including itself. Distances that
    /// differ only by rounding are ties.
    /// </summary>
    public static Tensor Neighbors(FeatureMatrix rows, int neighbors)
    {
        using var scope = NewDisposeScope();
        var squared = Distances.Squared(rows);
        var farthest = squared.topk(neighbors, dim: 1, largest: false).values.narrow(1, neighbors - 1, 1);
        return squared.le(farthest.mul(1 + 1e-12)).to_type(ScalarType.Float64).MoveToOuterDisposeScope();
    }
}
