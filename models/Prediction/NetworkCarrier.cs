using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A trained network as a chain of ML.NET's own transformers, which any application can load: the ONNX model gives scores and the class as
/// a one-hot vector, and <see cref="ClassKeys"/> makes a key of it. The columns have the names and types that the network's own have.
/// </summary>
/// <param name="context">Makes the transformers; its folder for temporary files is used.</param>
/// <param name="trained">The network.</param>
/// <param name="label">The training label.</param>
/// <param name="trainingSchema">The columns that the network was trained beside.</param>
sealed class NetworkCarrier(MLContext context, NetworkTransformer trained, KeyColumn label, DataViewSchema trainingSchema)
{
    const string Prefix = "NoisyNN.Network.";
    const string Scores = Prefix + "Scores",
        Class = Prefix + "Class",
        Kept = Prefix + "Kept.";

    public void Save(ModelSaveContext destination)
    {
        var path = Path.Combine(context.TempFilePath, $"{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Export(trained.Network, new OnnxExportOptions { Labels = trained.Labels }, path);
            var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            CarrierGraph.MapToColumns(
                model,
                (OnnxExporter.GraphOf(trained.Network).Input, trained.FeatureColumnName),
                (TensorNames.Score, Scores)
            );
            CarrierGraph.AddClass(model, Scores, Class, label.Count);
            CarrierGraph.AddSlotNames(model, Scores, trained.Labels);
            File.WriteAllBytes(path, model.ToByteArray());
            using var chain = Chain(path);
            ((ICanSaveModel)chain).Save(destination);
        }
        finally
        {
            File.Delete(path);
        }
    }

    TransformerChain<ITransformer> Chain(string path)
    {
        // ML.NET's classifier appends columns of fixed names. Those of other columns must not be lost by that.
        var hidden = new[] { ClassKeys.ScoreName, ClassKeys.KeyName }
            .Where(name => name != trained.ScoreColumnName && name != trained.PredictedLabelColumnName)
            .ToArray();
        var kept = hidden.Where(name => trainingSchema.GetColumnOrNull(name) is not null).ToArray();

        var parts = new List<ITransformer>();
        IDataView rows = new EmptyView(trainingSchema);
        foreach (var name in kept)
            Append(context.Transforms.CopyColumns(Kept + name, name).Fit(rows));
        Append(
            context
                .Transforms.ApplyOnnxModel([Scores, Class], [trained.FeatureColumnName], path, gpuDeviceId: null, fallbackToCpu: true)
                .Fit(rows)
        );
        Append(ClassKeys.Fit(context, Class, label));
        if (trained.PredictedLabelColumnName != ClassKeys.KeyName)
            Append(context.Transforms.CopyColumns(trained.PredictedLabelColumnName, ClassKeys.KeyName).Fit(rows));
        Append(context.Transforms.CopyColumns(trained.ScoreColumnName, Scores).Fit(rows));
        foreach (var name in kept)
            Append(context.Transforms.CopyColumns(name, Kept + name).Fit(rows));
        string[] dropped = [Scores, Class, .. kept.Select(name => Kept + name), .. hidden.Except(kept)];
        Append(context.Transforms.DropColumns(dropped).Fit(rows));
        return new([.. parts]);

        void Append(ITransformer part)
        {
            parts.Add(part);
            rows = part.Transform(rows);
        }
    }
}
