using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>The places in an image from which a layer takes its information.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Nats">[N, h, w]: nats summed over the channels, minus those of the place with the least.</param>
public sealed record InformationMap(string Layer, Tensor Nats);

/// <summary>A network whose noise prices information. It can show from which places in an image its information comes.</summary>
public interface IInformationMaps
{
    /// <summary>Whether the noise depends on the image. If it does not, the maps show nothing.</summary>
    bool NoiseDependsOnInput { get; }

    /// <summary>
    /// The places in an image from which a trained network takes its information. For each noise layer, it gives the nats at each place,
    /// summed over the channels, minus those of the place with the least. The pass is without noise.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <returns>One map [N, h, w] per layer, first layer first; none if the network counts no information.</returns>
    IReadOnlyList<InformationMap> InformationMaps(Tensor pixels);

    /// <summary>
    /// The noisy outputs of each block of a trained network, [N, C, h, w], first block first: samples of what the network lets through.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    IReadOnlyList<Tensor> NoisyCodes(Tensor pixels);
}
