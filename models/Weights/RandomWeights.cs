using NoisyNN.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Weights;

/// <summary>
/// Random values for the arrays that a training starts at zero or one: heads, biases, the scales and running averages of normalisations.
/// The scores of such a network depend on the image, unlike those of a new network. So it shows whether a file or another implementation
/// computes the same.
/// </summary>
public static class RandomWeights
{
    /// <summary>A network for predictions with random weights; the same seed gives the same weights.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static Classifier Create(ClassifierConfiguration configuration, int seed)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Create(configuration.Create, seed);
    }

    /// <summary>A network of any kind for predictions with random weights; the same seed gives the same weights.</summary>
    /// <param name="create">Creates the network. Its initial weights come from torch's default generator.</param>
    /// <param name="seed">The seed of the weights.</param>
    public static TNetwork Create<TNetwork>(Func<TNetwork> create, int seed)
        where TNetwork : nn.Module
    {
        ArgumentNullException.ThrowIfNull(create);
        manual_seed(seed);
        var network = create();
        Fill(network);
        network.eval();
        return network;
    }

    /// <summary>Fills a new network from torch's default generator.</summary>
    public static void Fill(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.abs().max().item<float>() == 0)
                parameter.normal_(mean: 0, std: 0.02);
            // Scales below 1 keep a residual stream from growing with each block if the running averages do not match its activations.
            else if (parameter.ndim == 1 && name.EndsWith("weight", StringComparison.Ordinal))
                parameter.uniform_(0.5, 1);
        }
        foreach (var (name, buffer) in network.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
                buffer.normal_(mean: 0, std: 0.1);
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                buffer.uniform_(0.5, 1.5);
        }
    }
}
