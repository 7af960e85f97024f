using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>
/// The ONNX graph of a <see cref="NoisyResNet"/> without noise: from Pixels [N, C, H, W] in 0..255 to Score, Logits and Features, the mean
/// over the last maps.
/// </summary>
static class NoisyResNetGraph
{
    public static GraphBuilder Build(NoisyResNetConfiguration configuration, NetworkWeights weights, bool anySize)
    {
        var graph = new GraphBuilder(nameof(NoisyResNet));
        var maps = Embed(graph, graph.Normalize(graph.Pixels(configuration, anySize), configuration), configuration, weights);
        for (var stage = 0; stage < configuration.BlockCounts.Count; stage++)
        for (var block = 0; block < configuration.BlockCounts[stage]; block++)
        {
            var name = $"layer{stage + 1}.{block}";
            maps = Block(graph.Scope(name), maps, name, stride: block == 0 && stage > 0 ? 2 : 1, configuration.HasBottlenecks, weights);
        }

        var features = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [maps])]);
        var logits = graph.Scope("fc").Linear(features, weights["fc.weight"], weights["fc.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(features, configuration.FeatureCount);
        return graph;
    }

    static GraphValue Embed(GraphBuilder graph, GraphValue image, NoisyResNetConfiguration configuration, NetworkWeights weights)
    {
        if (configuration.Stem is ResNetStem.Small)
            return graph.Relu(graph.ConvolutionAndNorm(image, weights, "conv1", "bn1"));
        var maps = graph.Relu(graph.ConvolutionAndNorm(image, weights, "conv1", "bn1", stride: 2));
        return graph.Node(
            "MaxPool",
            [maps],
            GraphAttribute.Of("kernel_shape", 3, 3),
            GraphAttribute.Of("strides", 2, 2),
            GraphAttribute.Of("pads", 1, 1, 1, 1)
        );
    }

    static GraphValue Block(GraphBuilder graph, GraphValue maps, string name, int stride, bool hasBottleneck, NetworkWeights weights)
    {
        var branch = graph.Relu(graph.ConvolutionAndNorm(maps, weights, $"{name}.conv1", $"{name}.bn1", hasBottleneck ? 1 : stride));
        branch = graph.ConvolutionAndNorm(branch, weights, $"{name}.conv2", $"{name}.bn2", hasBottleneck ? stride : 1);
        if (hasBottleneck)
            branch = graph.ConvolutionAndNorm(graph.Relu(branch), weights, $"{name}.conv3", $"{name}.bn3");
        var shortcut = weights.Has($"{name}.downsample.0.weight")
            ? graph.Scope("downsample").ConvolutionAndNorm(maps, weights, $"{name}.downsample.0", $"{name}.downsample.1", stride)
            : maps;
        return graph.Relu(graph.Node("Add", [branch, shortcut]));
    }
}
