using NoisyNN.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Weights;

/// <summary>
/// Random values for what a training starts at zero or one: heads, biases, the running averages of normalisations. A network so filled gives each image scores of
/// its own, which a fresh one does not, and so shows whether a file or another implementation computes the same.
/// </summary>
public static class RandomWeights
{
    /// <summary>Fills a new network from torch's default generator.</summary>
    public static void Fill(ImageClassifier network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters())
            if (parameter.abs().max().item<float>() == 0)
                parameter.normal_(mean: 0, std: 0.02);
        foreach (var (name, buffer) in network.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
                buffer.normal_(mean: 0, std: 0.1);
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                buffer.uniform_(0.5, 1.5);
        }
    }
}
