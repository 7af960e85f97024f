using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>Cuts images [N, C, H, W] into square patches and maps each to a token: [N, patches, D].</summary>
/// <remarks>
/// The weight has the shape of a convolution's, as in other libraries. Patches do not overlap, so one matrix product over all of them gives
/// the same and is faster on a CPU.
/// </remarks>
public sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    readonly int _channels;
    readonly int _patchSize;
    readonly int _dimension;

    [ComponentName(Name = "proj")]
    readonly Conv2d _projection;

    /// <param name="channels">C</param>
    /// <param name="patchSize">The side of a patch in pixels. It must divide height and width.</param>
    /// <param name="dimension">D</param>
    public PatchEmbedding(int channels, int patchSize, int dimension)
        : base(nameof(PatchEmbedding))
    {
        (_channels, _patchSize, _dimension) = (channels, patchSize, dimension);
        _projection = Conv2d(channels, dimension, patchSize, patchSize);
        RegisterComponents();
        Initialization.Projection(_projection.weight!, fanIn: channels * patchSize * patchSize, fanOut: dimension);
        init.zeros_(_projection.bias!);
    }

    /// <summary>The tokens, [N, patches, D], row by row.</summary>
    /// <param name="pixels">[N, C, H, W]</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var (batch, rows, columns) = (pixels.shape[0], pixels.shape[2] / _patchSize, pixels.shape[3] / _patchSize);
        var length = _channels * _patchSize * _patchSize;
        var patches = pixels
            .reshape(batch, _channels, rows, _patchSize, columns, _patchSize)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(batch * rows * columns, length);
        return functional
            .linear(patches, _projection.weight!.reshape(_dimension, length), _projection.bias)
            .reshape(batch, rows * columns, _dimension)
            .MoveToOuterDisposeScope();
    }
}
