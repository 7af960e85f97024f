using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Architectures;

/// <summary>A convolution and its normalisation over the batch, without an activation.</summary>
sealed class NormalizedConvolution : Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")]
    readonly Conv2d _convolution;

    [ComponentName(Name = "norm")]
    readonly BatchNorm2d _norm;

    public NormalizedConvolution(int inputs, int outputs, int kernel, int stride = 1)
        : base(nameof(NormalizedConvolution))
    {
        _convolution = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        _norm = BatchNorm2d(outputs);
        RegisterComponents();
        // He's initialisation for activations that let half of their input through (arXiv 1502.01852).
        init.normal_(_convolution.weight!, mean: 0, std: Math.Sqrt(2.0 / (inputs * kernel * kernel)));
    }

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return _norm.call(_convolution.call(maps)).MoveToOuterDisposeScope();
    }

    /// <summary>Forgets the running averages of the normalisation.</summary>
    public void ResetStatistics() => _norm.reset_running_stats();
}

/// <summary>Two convolutions, then one of stride 2 whose output gets the noise: pooling and dropout in one, as the authors have it.</summary>
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

    public AllCnnBlock(int inputs, int outputs, InformationDropoutConfiguration dropout)
        : base(nameof(AllCnnBlock))
    {
        _prior = dropout.Prior;
        _convolution1 = new NormalizedConvolution(inputs, outputs, kernel: 3);
        _convolution2 = new NormalizedConvolution(outputs, outputs, kernel: 3);
        _pool = new NormalizedConvolution(outputs, outputs, kernel: 3, stride: 2);
        _dropout = new InformationDropout(dropout, outputs, () => Conv2d(outputs, outputs, 3, stride: 2, padding: 1));
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

    /// <summary>The block's output and the information in nats that each unit of it carries, both [N, C, H, W]; the latter null where none is counted.</summary>
    public (Tensor Output, Tensor? Information) Transmit(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var inner = Inner(maps);
        var (output, information) = _dropout.Transmit(inner, _pool.call(inner));
        return (output.MoveToOuterDisposeScope(), information?.MoveToOuterDisposeScope());
    }

    public void ResetStatistics()
    {
        _convolution1.ResetStatistics();
        _convolution2.ResetStatistics();
        _pool.ResetStatistics();
    }

    Tensor Inner(Tensor maps)
    {
        var first = InformationDropout.Activate(_convolution1.call(maps), _prior);
        return InformationDropout.Activate(_convolution2.call(first), _prior);
    }
}
