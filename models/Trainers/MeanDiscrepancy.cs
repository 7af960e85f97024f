using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>The squared maximum mean discrepancy of two samples (Gretton et al., JMLR 13, 2012), the biased estimate.</summary>
static class MeanDiscrepancy
{
    /// <summary>The bandwidths relative to the mean squared distance of all rows, as Long et al. (arXiv 1502.02791) have them.</summary>
    static readonly double[] s_bandwidths = [0.25, 0.5, 1, 2, 4];

    /// <summary>The sum over five Gaussian kernels exp(-d²/b): 0 for equal samples, and at most 10.</summary>
    /// <param name="first">[N, D]</param>
    /// <param name="second">[M, D]</param>
    /// <returns>A scalar with a gradient.</returns>
    public static Tensor Squared(Tensor first, Tensor second)
    {
        var (count, other) = (first.shape[0], second.shape[0]);
        var rows = cat([first, second]);
        var norms = rows.square().sum([1], keepdim: true);
        // Rounding makes some of the squared distances negative.
        var distances = (norms + norms.t() - rows.mm(rows.t()) * 2).clamp_min(0);
        // The bandwidth is a constant: the network must not lower the penalty by moving all rows apart.
        var scale = distances.detach().mean().clamp_min(1e-12);
        var kernel = s_bandwidths.Select(bandwidth => (distances / (scale * -bandwidth)).exp()).Aggregate((sum, term) => sum + term);
        return kernel.narrow(0, 0, count).narrow(1, 0, count).mean()
            + kernel.narrow(0, count, other).narrow(1, count, other).mean()
            - kernel.narrow(0, 0, count).narrow(1, count, other).mean() * 2;
    }
}
