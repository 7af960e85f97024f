using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// The order of values in memory that convolutions on a CPU are fastest with: the channels of a pixel side by side. Shapes stay [N, C, H,
/// W], and what a convolution or a normalisation gives has the order of what it takes, so a network has its input in this order once.
/// </summary>
static class ChannelsLast
{
    /// <summary>The same maps; on a GPU in the order that they have.</summary>
    /// <param name="maps">[N, C, H, W]</param>
    public static Tensor Of(Tensor maps)
    {
        if (maps.device_type != DeviceType.CPU)
            return maps;
        // One channel lies in either order, but only strides that say so are taken for this one.
        var pixels = maps.shape[1] == 1 ? maps.squeeze(1).contiguous().unsqueeze(-1) : maps.permute(0, 2, 3, 1).contiguous();
        return pixels.permute(0, 3, 1, 2);
    }
}
