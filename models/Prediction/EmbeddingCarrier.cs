using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A network that makes a vector column as ML.NET's own ONNX transformer, with the column names as its tensor names, which any application
/// can load.
/// </summary>
static class EmbeddingCarrier
{
    /// <param name="context">Its folder for temporary files is used.</param>
    /// <param name="model">The network's model.</param>
    /// <param name="input">The model's input, and the column and shape of a row that take its place.</param>
    /// <param name="output">The model's output, and the column that takes its place.</param>
    /// <param name="destination">Where the transformer goes.</param>
    public static void Save(
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
