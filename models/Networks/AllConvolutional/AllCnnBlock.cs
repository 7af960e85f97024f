using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>A convolution and its normalisation over the batch, without an activation.</summary>
sealed class NormalizedConvolution : Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")]
    readonly MixedPrecisionConvolution _convolution;

    [ComponentName(Name = "norm")]
    readonly BatchNorm2d _norm;

    /// <param name="inputs">The number of input channels.</param>
    /// <param name="outputs">The number of output channels.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">2 halves height and width, rounded up.</param>
    /// <param name="momentum">The share of a batch in the running averages.</param>
    public NormalizedConvolution(int inputs, int outputs, int kernel, int stride, double momentum)
        : base(nameof(NormalizedConvolution))
    {
        _convolution = new MixedPrecisionConvolution(inputs, outputs, kernel, stride);
        _norm = BatchNorm2d(outputs, momentum: momentum);
        RegisterComponents();
        // He's initialisation for activations that pass half of their input (arXiv 1502.01852).
        init.normal_(_convolution.Weight, mean: 0, std: Math.Sqrt(2.0 / (inputs * kernel * kernel)));
    }

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return _norm.call(_convolution.call(maps)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Two convolutions, then one of stride 2 whose output gets the noise: pooling and dropout in one, as in the authors' network.
/// </summary>
sealed class AllCnnBlock : Module<Tensor, Tensor>
{
    readonly InformationPrior _prior;

    [ComponentName(Name = "conv1")]
    readonly NormalizedConvolution _convolution1;

    [ComponentName(Name = "conv2")]
    readonly NormalizedConvolution _convolution2;

    [ComponentName(Name = "pool")]
    readonly NormalizedConvolution _pool;

    [ComponentName(Name = "dropout")]
    readonly InformationDropout _dropout;

    public AllCnnBlock(int inputs, int outputs, InformationDropoutConfiguration dropout, double momentum)
        : base(nameof(AllCnnBlock))
    {
        _prior = dropout.Prior;
        _convolution1 = new NormalizedConvolution(inputs, outputs, kernel: 3, stride: 1, momentum);
        _convolution2 = new NormalizedConvolution(outputs, outputs, kernel: 3, stride: 1, momentum);
        _pool = new NormalizedConvolution(outputs, outputs, kernel: 3, stride: 2, momentum);
        _dropout = new InformationDropout(
            dropout,
            outputs,
            () => new MixedPrecisionConvolution(outputs, outputs, kernel: 3, stride: 2, hasBias: true)
        );
        RegisterComponents();
    }

    public NoiseSwitch Noise
    {
        set => _dropout.Noise = value;
    }

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var inner = Inner(maps);
        return _dropout.call(inner, _pool.call(inner)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The block's output and the information in nats that each unit of it carries, both [N, C, H, W]. The information is null if it is not
    /// counted.
    /// </summary>
    public (Tensor Output, Tensor? Information) Transmit(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var inner = Inner(maps);
        var (output, information) = _dropout.Transmit(inner, _pool.call(inner));
        return (output.MoveToOuterDisposeScope(), information?.MoveToOuterDisposeScope());
    }

    Tensor Inner(Tensor maps)
    {
        var first = InformationDropout.Activate(_convolution1.call(maps), _prior);
        return InformationDropout.Activate(_convolution2.call(first), _prior);
    }
}
