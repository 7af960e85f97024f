using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A network that makes a vector column as ML.NET's own ONNX transformer, with the column names as its tensor names, which any application
/// can load. The column has the dimensions of a row of the output.
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
        CarrierGraph.MapToColumns(model, (input.Tensor, input.Column), output);
        var columns = new DataViewSchema.Builder();
        columns.AddColumn(input.Column, new VectorDataViewType(NumberDataViewType.Single, input.Shape.ToArray()));

        var path = Path.Combine(context.TempFilePath, $"{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, model.ToByteArray());
            using var transformer = context
                .Transforms.ApplyOnnxModel([output.Column], [input.Column], path, gpuDeviceId: null, fallbackToCpu: true)
                .Fit(new EmptyView(columns.ToSchema()));
            ((ICanSaveModel)transformer).Save(destination);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
