using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>Where in an image a layer takes its information from.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Nats">[N, h, w]: summed over the channels, above the place with the least.</param>
public sealed record InformationMap(string Layer, Tensor Nats);

/// <summary>A network whose noise prices information, so that it can say where in an image its information comes from.</summary>
public interface IInformationMaps
{
    /// <summary>Whether the noise depends on the image, so that the maps show something of it.</summary>
    bool NoiseDependsOnInput { get; }

    /// <summary>
    /// Where in an image a trained network takes its information from: per noise layer the nats at each place, summed over the channels,
    /// above those of the place with the least. Without noise.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <returns>One map a layer, first layer first, each [N, h, w]; none if the network counts no information.</returns>
    IReadOnlyList<InformationMap> InformationMaps(Tensor pixels);
}
