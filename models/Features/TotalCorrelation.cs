using static TorchSharp.torch;

namespace NoisyNN.Models.Features;

/// <summary>
/// How far the components of a representation are from independent: TC(z) = Σᵢ H(zᵢ) - H(z), in nats, for components that are jointly
/// Gaussian, which is what the logarithms of log-normal codes are taken for (Achille and Soatto, arXiv 1611.01353): -½ ln det(diag(C)⁻¹ C)
/// of their covariance C.
/// </summary>
public static class TotalCorrelation
{
    /// <param name="samples">[N, D], N above D. For codes with multiplicative noise their logarithms.</param>
    /// <exception cref="ArgumentException">There are too few rows for so many components, or one of them is constant, not finite, or a sum
    /// of others.</exception>
    public static double Of(Tensor samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.shape is not [var rows, var dimensions] || rows <= dimensions)
            throw new ArgumentException(
                $"A total correlation takes rows of components, [N, D] with N above D; it got [{string.Join(", ", samples.shape)}]. Give more rows or fewer components.",
                nameof(samples)
            );
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return OfCovariance(samples.to_type(ScalarType.Float64).transpose(0, 1).cov());
    }

    /// <summary>The total correlation divided by the number of components.</summary>
    public static double PerDimension(Tensor samples) => Of(samples) / samples.shape[1];

    /// <param name="covariance">[D, D]</param>
    internal static double OfCovariance(Tensor covariance)
    {
        using var scope = NewDisposeScope();
        var matrix = covariance.reshape(covariance.shape[^1], covariance.shape[^1]);
        var deviations = matrix.diagonal(0, 0, 1).sqrt();
        var (sign, logDeterminant) = linalg.slogdet(matrix / deviations.unsqueeze(0) / deviations.unsqueeze(1));
        var correlation = -logDeterminant.item<double>() / 2;
        return sign.item<double>() > 0 && double.IsFinite(correlation)
            ? correlation
            : throw new ArgumentException(
                "The components have no joint density: one is constant, not a finite number, or a sum of others. Leave "
                    + "it out, or give more rows.",
                nameof(covariance)
            );
    }
}
