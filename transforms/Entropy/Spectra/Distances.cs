using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>Squared Euclidean distances of all pairs of rows.</summary>
static class Distances
{
    /// <summary>The number of rows up to which differences are computed one by one, which costs little and loses no digit.</summary>
    const int Few = 64;

    /// <summary>The rows as a tensor of shape [N, D] around their mean, so that products lose fewer digits.</summary>
    public static Tensor Centred(FeatureMatrix rows, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = from_array(rows.Values).reshape(rows.RowCount, rows.Dimension);
        return values.sub(values.mean([0L], keepdim: true)).to_type(type).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether |x|² + |y|² - 2xy is accurate enough for distances of the size of σ in this type. Its rounding is a multiple of |x|².
    /// </summary>
    public static bool ProductsSuffice(Tensor centred, double sigma) =>
        centred.shape[0] > Few && Rounding(centred, sigma) <= (centred.dtype == ScalarType.Float64 ? 1e-11 : 1e-5);

    /// <summary>The rounding of the products in the exponents -d²/2σ².</summary>
    public static double Rounding(Tensor centred, double sigma)
    {
        using var scope = NewDisposeScope();
        var unit = centred.dtype == ScalarType.Float64 ? 1.1e-16 : 6e-8;
        return 4 * unit * centred.square().sum(1).max().to_type(ScalarType.Float64).item<double>() / (sigma * sigma);
    }

    /// <summary>Squared distances, shape [N, N], float64.</summary>
    public static Tensor Squared(FeatureMatrix rows)
    {
        using var scope = NewDisposeScope();
        var centred = Centred(rows, ScalarType.Float64);
        if (rows.RowCount <= Few)
            return Differences(centred).square().MoveToOuterDisposeScope();
        var lengths = centred.square().sum(1);
        var squared = addmm(lengths.unsqueeze(1), centred, centred.T, 1, -2).add_(lengths.unsqueeze(0));
        return squared.clamp_min(0).MoveToOuterDisposeScope();
    }

    /// <summary>Distances by differences, shape [N, N].</summary>
    public static Tensor Differences(Tensor rows) => cdist(rows, rows, 2, compute_mode.donot_use_mm_for_euclid_dist);
}
