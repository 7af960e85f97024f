using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The memory order in which convolutions on a CPU are fastest: the channels of a pixel side by side. Shapes stay [N, C, H, W]. The output
/// of a convolution or a normalisation has the order of its input, so a network changes the order of its input once.
/// </summary>
static class ChannelsLast
{
    /// <summary>The same maps in this order; on a GPU, in the order that they have.</summary>
    /// <param name="maps">[N, C, H, W]</param>
    public static Tensor Of(Tensor maps)
    {
        if (maps.device_type != DeviceType.CPU)
            return maps;
        // One channel lies in either order, but libtorch recognises this order only by the strides.
        var pixels = maps.shape[1] == 1 ? maps.squeeze(1).contiguous().unsqueeze(-1) : maps.permute(0, 2, 3, 1).contiguous();
        return pixels.permute(0, 3, 1, 2);
    }
}
