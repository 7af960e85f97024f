using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The multiplicative log-normal noise of Information Dropout (Achille and Soatto, arXiv 1611.01353, section 4): z = f·exp(α·u), u ~ N(0,
/// 1). It also gives the information that z then carries, in nats, as the authors' program computes it. All functions work element by
/// element on tensors of any shape.
/// </summary>
public static class InformationDropoutNoise
{
    /// <summary>The smallest α. Without it the information of a unit would have no bound.</summary>
    public const double SmallestAlpha = 0.001;

    /// <summary>The lower bound of a softplus activation before its logarithm.</summary>
    public const double SmallestActivation = 1e-4;

    /// <summary>α = 0.001 + <paramref name="maxAlpha"/>·sigmoid(<paramref name="logits"/>).</summary>
    public static Tensor Alpha(Tensor logits, double maxAlpha) => logits.sigmoid() * maxAlpha + SmallestAlpha;

    /// <summary>f·exp(α·u) with fresh u from torch's default generator.</summary>
    public static Tensor Sample(Tensor activations, Tensor alpha) => activations * (randn_like(activations) * alpha).exp();

    /// <summary>
    /// KL to the log-uniform prior, -ln(α / (maxAlpha + 0.001)). It is 0 for the largest α, since the improper prior leaves the constant
    /// open, and at most ln((maxAlpha + 0.001) / 0.001). It does not depend on the activation. As in the authors' program, it omits the
    /// published point mass at f = 0.
    /// </summary>
    public static Tensor LogUniformDivergence(Tensor alpha, double maxAlpha) => -(alpha / (maxAlpha + SmallestAlpha)).log();

    /// <summary>KL to the log-normal prior: (α² + (ln f - μ₁)²) / (2σ₁²) - ln(α/σ₁) - 1/2, with f at least 1e-4 in the logarithm.</summary>
    /// <param name="activations">f</param>
    /// <param name="alpha">α</param>
    /// <param name="mean">μ₁</param>
    /// <param name="logDeviation">ln σ₁, so that σ₁ stays positive while it is learned.</param>
    public static Tensor LogNormalDivergence(Tensor activations, Tensor alpha, Tensor mean, Tensor logDeviation)
    {
        var distance = activations.clamp_min(SmallestActivation).log() - mean;
        return (alpha * alpha + distance * distance) * (logDeviation * -2).exp() * 0.5 - alpha.log() + logDeviation - 0.5;
    }

    /// <summary>
    /// The mean of ε: exp(α²/2), above 1. Evaluation takes ε = 1, so activations are then smaller, and normalisations must be estimated
    /// again.
    /// </summary>
    public static double Mean(double alpha) => Math.Exp(alpha * alpha / 2);

    /// <summary>The variance of ε: exp(α²)·(exp(α²) - 1).</summary>
    public static double Variance(double alpha) => Math.Exp(alpha * alpha) * (Math.Exp(alpha * alpha) - 1);
}
