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

    public static void Convolution(Tensor weight) =>
        init.normal_(weight, mean: 0, std: Math.Sqrt(2.0 / (weight.shape[0] * weight.shape[2] * weight.shape[3])));
}
