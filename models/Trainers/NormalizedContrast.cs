using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>NT-Xent, the normalized temperature-scaled cross entropy of SimCLR (Chen et al., arXiv 2002.05709, equation 1).</summary>
static class NormalizedContrast
{
    /// <summary>
    /// The mean over all 2N codes of the cross entropy with which a code's cosine similarities, divided by the temperature, choose the
    /// other view of its image among the other 2N - 1 codes. In nats.
    /// </summary>
    /// <param name="first">The codes of the first views, [N, D].</param>
    /// <param name="second">The codes of the second views of the same images, [N, D].</param>
    /// <param name="temperature">τ.</param>
    /// <returns>A scalar with a gradient.</returns>
    public static Tensor Loss(Tensor first, Tensor second, double temperature)
    {
        var count = first.shape[0];
        var all = cat([first, second]);
        var codes = all / all.square().sum([1], keepdim: true).sqrt().clamp_min(1e-12);
        var itself = eye(2 * count, dtype: ScalarType.Bool, device: codes.device);
        var similarities = (codes.mm(codes.t()) / temperature).masked_fill(itself, double.NegativeInfinity);
        var places = arange(0, count, dtype: ScalarType.Int64, device: codes.device);
        var partners = cat([places + count, places]);
        return nn.functional.cross_entropy(similarities, partners);
    }
}
