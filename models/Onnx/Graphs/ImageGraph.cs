using NoisyNN.Models.Networks;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>What the graphs of all image classifiers begin and end with.</summary>
static class ImageGraph
{
    /// <summary>The input, raw pixels [N, C, H, W] in 0..255.</summary>
    /// <param name="graph">Where it goes.</param>
    /// <param name="configuration">The network's sizes.</param>
    /// <param name="anySize">Whether height and width are left open.</param>
    public static GraphValue Pixels(this GraphBuilder graph, NetworkConfiguration configuration, bool anySize = false)
    {
        Dimension size = configuration.ImageSize;
        return graph.Input(
            OnnxExporter.InputName,
            DataType.Float,
            OnnxExporter.BatchDimension,
            configuration.Channels,
            anySize ? "H" : size,
            anySize ? "W" : size
        );
    }

    /// <summary>(x/255 - mean) / standard deviation per channel, as one multiplication and one addition.</summary>
    public static GraphValue Normalize(this GraphBuilder graph, GraphValue pixels, NetworkConfiguration configuration)
    {
        var (scale, offset) = configuration.Normalization();
        var scope = graph.Scope("normalize");
        var scaled = scope.Node("Mul", [pixels, scope.Weight("normalize.scale", scale, 1, configuration.Channels, 1, 1)]);
        return scope.Node("Add", [scaled, scope.Weight("normalize.offset", offset, 1, configuration.Channels, 1, 1)]);
    }

    /// <summary>Logits and what they are computed from as outputs, and the softmax of the logits.</summary>
    public static void Scores(
        this GraphBuilder graph,
        GraphValue logits,
        GraphValue features,
        NetworkConfiguration configuration,
        string featuresName,
        int featureCount
    )
    {
        var score = graph.Node("Softmax", [logits], GraphAttribute.Of("axis", -1));
        graph.Output(OnnxExporter.ScoreName, score, DataType.Float, OnnxExporter.BatchDimension, configuration.ClassCount);
        graph.Output(OnnxExporter.LogitsName, logits, DataType.Float, OnnxExporter.BatchDimension, configuration.ClassCount);
        graph.Output(featuresName, features, DataType.Float, OnnxExporter.BatchDimension, featureCount);
    }
}
