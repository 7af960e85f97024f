using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>Learned positions [1, 1 + g·g, D]: one for the class token, then one for each patch of a grid of g rows and columns.</summary>
static class PositionalEmbedding
{
    /// <summary>
    /// The positions for another grid, by bicubic interpolation over the image (Dosovitskiy et al., arXiv 2010.11929, section 3.2). The
    /// position of the class token is kept.
    /// </summary>
    /// <returns>Null if the file's positions are not a class token and a square.</returns>
    public static Tensor? Resample(Tensor positions, long tokenCount)
    {
        if (positions.ndim != 3 || Side(positions.shape[1] - 1) is not { } from || Side(tokenCount - 1) is not { } to)
            return null;
        using var scope = NewDisposeScope();
        var width = positions.shape[2];
        var patches = positions.narrow(1, 1, from * from).reshape(1, from, from, width).permute(0, 3, 1, 2);
        var resampled = functional.interpolate(patches, size: [to, to], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([positions.narrow(1, 0, 1), resampled.permute(0, 2, 3, 1).reshape(1, to * to, width)], 1).MoveToOuterDisposeScope();
    }

    static long? Side(long patches)
    {
        var side = (long)Math.Round(Math.Sqrt(Math.Max(patches, 0)));
        return side > 0 && side * side == patches ? side : null;
    }
}
