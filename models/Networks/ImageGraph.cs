using NoisyNN.Models.Onnx.Graphs;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Networks;

/// <summary>The first nodes of the graphs of image classifiers.</summary>
public static class ImageGraph
{
    /// <summary>The input, raw pixels [N, C, H, W] in 0..255.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="configuration">The network's sizes.</param>
    /// <param name="anySize">Whether height and width are left open.</param>
    public static GraphValue Pixels(this GraphBuilder graph, ImageNetworkConfiguration configuration, bool anySize = false)
    {
        Dimension size = configuration.ImageSize;
        return graph.Input(
            TensorNames.Pixels,
            DataType.Float,
            TensorNames.Batch,
            configuration.Channels,
            anySize ? "H" : size,
            anySize ? "W" : size
        );
    }

    /// <summary>(x/255 - mean) / standard deviation per channel, as one multiplication and one addition.</summary>
    public static GraphValue Normalize(this GraphBuilder graph, GraphValue pixels, ImageNetworkConfiguration configuration)
    {
        var (scale, offset) = configuration.Normalization();
        var scope = graph.Scope("normalize");
        var scaled = scope.Node("Mul", [pixels, scope.Weight("normalize.scale", scale, 1, configuration.Channels, 1, 1)]);
        return scope.Node("Add", [scaled, scope.Weight("normalize.offset", offset, 1, configuration.Channels, 1, 1)]);
    }
}
