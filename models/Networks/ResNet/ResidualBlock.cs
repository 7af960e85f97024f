using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>
/// A residual block over maps [N, C, H, W] (He et al., arXiv 1512.03385): x' = relu(F(x) + x). F is two 3 x 3 convolutions, or a bottleneck
/// of 1 x 1, 3 x 3 and 1 x 1, each normalised over the batch. If the size or the number of channels changes, x passes a 1 x 1 convolution.
/// </summary>
public sealed class ResidualBlock : Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv1")]
    readonly MixedPrecisionConvolution _convolution1;

    [ComponentName(Name = "bn1")]
    readonly BatchNorm2d _norm1;

    [ComponentName(Name = "conv2")]
    readonly MixedPrecisionConvolution _convolution2;

    [ComponentName(Name = "bn2")]
    readonly BatchNorm2d _norm2;

    [ComponentName(Name = "conv3")]
    readonly MixedPrecisionConvolution? _convolution3;

    [ComponentName(Name = "bn3")]
    readonly BatchNorm2d? _norm3;

    [ComponentName(Name = "downsample")]
    readonly ModuleList<Module<Tensor, Tensor>>? _downsample;

    /// <param name="inputs">The number of input channels.</param>
    /// <param name="inner">The number of channels inside.</param>
    /// <param name="outputs">The number of output channels; the same as inside, if there is no bottleneck.</param>
    /// <param name="stride">2 halves height and width. In a bottleneck it belongs to the 3 x 3 convolution, as in torchvision.</param>
    /// <param name="hasBottleneck">Whether there are three convolutions in place of two.</param>
    public ResidualBlock(int inputs, int inner, int outputs, int stride, bool hasBottleneck)
        : base(nameof(ResidualBlock))
    {
        if (hasBottleneck)
        {
            (_convolution1, _norm1) = (Normal(inputs, inner, kernel: 1), BatchNorm2d(inner));
            (_convolution2, _norm2) = (Normal(inner, inner, kernel: 3, stride), BatchNorm2d(inner));
            (_convolution3, _norm3) = (Normal(inner, outputs, kernel: 1), BatchNorm2d(outputs));
        }
        else
        {
            (_convolution1, _norm1) = (Normal(inputs, inner, kernel: 3, stride), BatchNorm2d(inner));
            (_convolution2, _norm2) = (Normal(inner, outputs, kernel: 3), BatchNorm2d(outputs));
        }
        if (stride > 1 || inputs != outputs)
            _downsample = new([Normal(inputs, outputs, kernel: 1, stride), BatchNorm2d(outputs)]);
        RegisterComponents();
    }

    /// <summary>The output maps, smaller by the stride.</summary>
    /// <param name="maps">[N, C, H, W]</param>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var branch = functional.relu(_norm1.call(_convolution1.call(maps)), inplace: true);
        branch = _norm2.call(_convolution2.call(branch));
        if (_convolution3 is not null)
            branch = _norm3!.call(_convolution3.call(functional.relu(branch, inplace: true)));
        var shortcut = _downsample is null ? maps : _downsample[1].call(_downsample[0].call(maps));
        return functional.relu(branch.add_(shortcut), inplace: true).MoveToOuterDisposeScope();
    }

    /// <summary>A convolution whose initial weights have a normal distribution.</summary>
    static MixedPrecisionConvolution Normal(int inputs, int outputs, int kernel, int stride = 1)
    {
        var convolution = new MixedPrecisionConvolution(inputs, outputs, kernel, stride);
        Initialization.Convolution(convolution.Weight);
        return convolution;
    }
}
