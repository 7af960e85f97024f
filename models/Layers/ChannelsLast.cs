using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The memory order in which convolutions on a CPU are fastest: the channels of a pixel side by side. Shapes stay [N, C, H, W]. The output
/// of a convolution or a normalisation has the order of its input, so a network changes the order of its input once.
/// </summary>
static class ChannelsLast
{
    // oneDNN of libtorch 2.10 (brgconv_strided, AVX-512) writes beyond the gradient of a strided convolution in this order whose input has
    // no multiple of 16 channels: the process then ends at once, or later, or goes on with damaged memory.
    const int ChannelStep = 16;

    /// <summary>The same maps in this order; on a GPU, or for convolutions that are not safe in it, in the order that they have.</summary>
    /// <param name="maps">[N, C, H, W]</param>
    /// <param name="width">The channels of the narrowest convolution; those of all others are multiples.</param>
    public static Tensor Of(Tensor maps, int width)
    {
        if (maps.device_type != DeviceType.CPU || width % ChannelStep != 0)
            return maps;
        // One channel lies in either order, but libtorch recognises this order only by the strides.
        var pixels = maps.shape[1] == 1 ? maps.squeeze(1).contiguous().unsqueeze(-1) : maps.permute(0, 2, 3, 1).contiguous();
        return pixels.permute(0, 3, 1, 2);
    }
}
