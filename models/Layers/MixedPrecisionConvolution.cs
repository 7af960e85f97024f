using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>
/// A convolution over maps [N, C, H, W] whose product may be computed in another precision. Its padding keeps height and width at stride 1
/// for kernels with an odd side.
/// </summary>
sealed class MixedPrecisionConvolution : Module<Tensor, Tensor>, IMixedPrecision
{
    readonly long[] _strides;
    readonly long[] _padding;

    [ComponentName(Name = "weight")]
    readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    readonly Parameter? _bias;

    /// <param name="inputs">The number of input channels.</param>
    /// <param name="outputs">The number of output channels.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">2 halves height and width, rounded up.</param>
    /// <param name="hasBias">Whether a value is added to each channel.</param>
    public MixedPrecisionConvolution(int inputs, int outputs, int kernel, int stride = 1, bool hasBias = false)
        : base(nameof(MixedPrecisionConvolution))
    {
        (_strides, _padding) = ([stride, stride], [kernel / 2, kernel / 2]);
        // Torch's own layer gives the initial weights only. It does not decide the precision of the product.
        var initial = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: hasBias);
        (_weight, _bias) = (initial.weight!, hasBias ? initial.bias : null);
        RegisterComponents();
    }

    /// <summary>[outputs, inputs, kernel, kernel]</summary>
    public Parameter Weight => _weight;

    /// <inheritdoc/>
    public Precision Precision { get; set; }

    /// <summary>The output maps in float32, smaller by the stride.</summary>
    /// <param name="maps">[N, C, H, W]</param>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return Products.Single(Products.Convolution(maps, _weight, _bias, _strides, _padding, Precision)).MoveToOuterDisposeScope();
    }
}
