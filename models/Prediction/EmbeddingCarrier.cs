using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Features;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A network that makes a vector column as ML.NET's own ONNX transformer, with the column names as its tensor names, which any application
/// can load.
/// </summary>
static class EmbeddingCarrier
{
    /// <exception cref="NotSupportedException">The network's graph has no output for the layer.</exception>
    public static void Save(MLContext context, FeaturesTransformer features, ModelSaveContext destination)
    {
        var network = features.Network;
        var output =
            features.Layer == network.FeatureLayer ? OnnxExporter.FeaturesNameOf(network)
            : features.Layer == ImageClassifier.LogitsLayer ? OnnxExporter.LogitsName
            : throw new NotSupportedException(
                $"The layer '{features.Layer}' is no output of the network's ONNX graph, so a model file cannot hold it; "
                    + $"'{network.FeatureLayer}' and '{ImageClassifier.LogitsLayer}' are."
            );
        Save(
            context,
            OnnxExporter.Model(network, new()),
            (OnnxExporter.InputNameOf(network), features.InputColumnName, network.InputShape),
            (output, features.OutputColumnName),
            destination
        );
    }

    /// <exception cref="NotSupportedException">There is a column of bounds.</exception>
    public static void Save(MLContext context, InformationVaeTransformer vae, ModelSaveContext destination)
    {
        if (vae.BoundColumnName is { } bound)
            throw new NotSupportedException(
                $"The column '{bound}' needs random codes, which a model file cannot hold; train with {nameof(InformationVaeTrainer.Options.BoundColumnName)} null, "
                    + "or write encoder and decoder with ml.Vision.SaveAsOnnx."
            );
        var network = vae.Network.Configuration;
        Save(
            context,
            InformationVaeExporter.Encoder(vae.Network, new()),
            (OnnxExporter.InputName, vae.InputColumnName, [network.Channels, network.ImageSize, network.ImageSize]),
            (InformationVaeExporter.EmbeddingName, vae.EmbeddingColumnName),
            destination
        );
    }

    static void Save(
        MLContext context,
        ModelProto model,
        (string Tensor, string Column, IReadOnlyList<int> Shape) input,
        (string Tensor, string Column) output,
        ModelSaveContext destination
    )
    {
        Prune(model.Graph, output.Tensor);
        NetworkCarrier.Rename(
            model.Graph,
            name =>
                name == input.Tensor ? input.Column
                : name == output.Tensor ? output.Column
                : name.Length == 0 ? ""
                : NetworkCarrier.Inner + name
        );

        var path = Path.Combine(context.TempFilePath, $"{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, model.ToByteArray());
            using var transformer = context
                .Transforms.ApplyOnnxModel([output.Column], [input.Column], path, gpuDeviceId: null, fallbackToCpu: true)
                .Fit(NetworkCarrier.EmptyView(context, input.Column, input.Shape));
            ((ICanSaveModel)transformer).Save(destination);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Leaves one output and what it is computed from.</summary>
    static void Prune(GraphProto graph, string output)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { output };
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
            needed.UnionWith(node.Input);
        Keep(graph.Node, node => node.Output.Any(needed.Contains));
        Keep(graph.Initializer, tensor => needed.Contains(tensor.Name));
        Keep(graph.Output, value => value.Name == output);

        static void Keep<T>(IList<T> items, Func<T, bool> isKept)
        {
            for (var index = items.Count - 1; index >= 0; index--)
                if (!isKept(items[index]))
                    items.RemoveAt(index);
        }
    }
}
