using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A trained network as a chain of ML.NET's own transformers, which any application can load: the ONNX model, with the column names as its
/// tensor names and the class as text among its outputs, and a mapping of that text to keys.
/// </summary>
static class NetworkCarrier
{
    // Before the names of all tensors that are no columns, so that none of them meets a column's.
    internal const string Inner = "network/";

    public static void Save(MLContext context, NetworkTransformer trained, ModelSaveContext destination)
    {
        var path = Path.Combine(context.TempFilePath, $"{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Export(trained.Network, new OnnxExportOptions { Labels = trained.Labels }, path);
            File.WriteAllBytes(path, WithColumns(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)), trained).ToByteArray());
            using var chain = Chain(context, trained, path);
            ((ICanSaveModel)chain).Save(destination);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static TransformerChain<ITransformer> Chain(MLContext context, NetworkTransformer trained, string path)
    {
        var rows = EmptyView(context, trained.FeatureColumnName, trained.Network.InputShape);
        var network = context
            .Transforms.ApplyOnnxModel(
                [trained.ScoreColumnName, trained.PredictedLabelColumnName],
                [trained.FeatureColumnName],
                path,
                gpuDeviceId: null,
                fallbackToCpu: true
            )
            .Fit(rows);
        // The classes in their order, whatever rows there are.
        var labels = context.Data.LoadFromEnumerable(trained.Labels.Select(label => new Class { Label = label }).ToArray());
        var keys = context
            .Transforms.Conversion.MapValueToKey(trained.PredictedLabelColumnName, keyData: labels)
            .Fit(network.Transform(rows));
        return new TransformerChain<ITransformer>(network, keys);
    }

    /// <summary>No rows, but the column that a network reads.</summary>
    internal static IDataView EmptyView(MLContext context, string columnName, IReadOnlyList<int> shape)
    {
        var schema = SchemaDefinition.Create(typeof(Image));
        // Taken once: a column is found by its present name.
        var column = schema[nameof(Image.Pixels)];
        column.ColumnName = columnName;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.ToArray());
        return context.Data.LoadFromEnumerable(Array.Empty<Image>(), schema);
    }

    /// <summary>The columns' names for the model's input and scores, and the class as a further output.</summary>
    static ModelProto WithColumns(ModelProto model, NetworkTransformer trained)
    {
        Rename(
            model.Graph,
            name =>
                name switch
                {
                    _ when name == OnnxExporter.GraphOf(trained.Network).Input => trained.FeatureColumnName,
                    TensorNames.Score => trained.ScoreColumnName,
                    "" => "",
                    _ => Inner + name,
                }
        );
        AddClass(model.Graph, trained);
        return model;
    }

    internal static void Rename(GraphProto graph, Func<string, string> rename)
    {
        foreach (var value in graph.Input.Concat(graph.Output))
            value.Name = rename(value.Name);
        foreach (var initializer in graph.Initializer)
            initializer.Name = rename(initializer.Name);
        foreach (var names in graph.Node.SelectMany(node => new[] { node.Input, node.Output }))
            for (var index = 0; index < names.Count; index++)
                names[index] = rename(names[index]);
    }

    /// <summary>The label of the largest score as a further output, text [N, 1].</summary>
    static void AddClass(GraphProto graph, NetworkTransformer trained)
    {
        var texts = new TensorProto { Name = $"{Inner}labels", DataType = (int)DataType.String };
        texts.Dims.Add(trained.Labels.Count);
        texts.StringData.Add(trained.Labels.Select(ByteString.CopyFromUtf8));
        graph.Initializer.Add(texts);

        var largest = new NodeProto { Name = $"{Inner}class", OpType = "ArgMax" };
        largest.Input.Add(trained.ScoreColumnName);
        largest.Output.Add($"{Inner}class");
        largest.Attribute.Add([GraphAttribute.Of("axis", 1L).Proto, GraphAttribute.Of("keepdims", 1L).Proto]);
        var label = new NodeProto { Name = $"{Inner}label", OpType = "Gather" };
        label.Input.Add([texts.Name, $"{Inner}class"]);
        label.Output.Add(trained.PredictedLabelColumnName);
        label.Attribute.Add(GraphAttribute.Of("axis", 0L).Proto);
        graph.Node.Add([largest, label]);

        var score = graph.Output.Single(output => output.Name == trained.ScoreColumnName);
        var output = new ValueInfoProto { Name = trained.PredictedLabelColumnName, Type = score.Type.Clone() };
        output.Type.TensorType.ElemType = (int)DataType.String;
        output.Type.TensorType.Shape.Dim[1].DimValue = 1;
        graph.Output.Add(output);
    }

    sealed class Image
    {
        public float[] Pixels { get; set; } = [];
    }

    sealed class Class
    {
        public string Label { get; set; } = "";
    }
}
