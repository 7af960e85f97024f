using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The initial weights: Glorot's uniform distribution for projections, as in the first Vision Transformer, and zero biases. Convolutions
/// before a ReLU get He's normal distribution (arXiv 1502.01852), by the number of outputs that a value reaches.
/// </summary>
static class Initialization
{
    public static void Projection(Linear linear)
    {
        Projection(linear.weight!, linear.weight!.shape[1], linear.weight!.shape[0]);
        init.zeros_(linear.bias!);
    }

    public static void Projection(Tensor weight, long fanIn, long fanOut)
    {
        var bound = Math.Sqrt(6.0 / (fanIn + fanOut));
        init.uniform_(weight, -bound, bound);
    }

    /// <summary>Whether a parameter is a matrix or a kernel, and no bias, normalisation, class token or position.</summary>
    public static bool IsWeight(string name, Tensor parameter) =>
        parameter.shape.Length > 1 && name.Split('.')[^1] is not ("cls_token" or "pos_embed");

    /// <summary>Multiplies every matrix and kernel of a network by a number.</summary>
    public static void Scale(Module network, double factor)
    {
        if (factor == 1)
            return;
        using var gradients = no_grad();
        foreach (var (_, parameter) in network.named_parameters().Where(entry => IsWeight(entry.name, entry.parameter)))
            parameter.mul_(factor);
    }

    public static void Convolution(Tensor weight) =>
        init.normal_(weight, mean: 0, std: Math.Sqrt(2.0 / (weight.shape[0] * weight.shape[2] * weight.shape[3])));
}
