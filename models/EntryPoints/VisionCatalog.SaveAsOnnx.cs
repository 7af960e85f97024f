using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Prediction;

namespace NoisyNN;

public sealed partial class VisionCatalog
{
    const int ValidationRowCount = 8;

    /// <summary>
    /// Writes the trained network of a model as an ONNX file with its normalisation, softmax and labels. Checks the file against the
    /// network.
    /// </summary>
    /// <param name="model">A transformer from a trainer of <c>ml.Vision</c>, or a chain that holds one.</param>
    /// <param name="path">The file. An existing file is replaced.</param>
    /// <param name="validationData">Rows as the model takes them; a few of them are used to compare file and network. Null for random
    /// pixels.</param>
    /// <param name="options">Further metadata. If it has no labels, the model's are used.</param>
    /// <returns>The written file, and its largest difference from the network.</returns>
    /// <exception cref="ArgumentException">The model holds no trained network.</exception>
    /// <exception cref="NotSupportedException">The network has noise at inference, or no ONNX graph.</exception>
    /// <exception cref="InvalidOperationException">File and network differ by more than 1e-4; no file is left.</exception>
    public OnnxExportResult SaveAsOnnx(ITransformer model, string path, IDataView? validationData = null, OnnxExportOptions? options = null)
    {
        var trained = NetworkTransformer.FindIn(model);
        options ??= new();
        if (options.Labels.Count == 0)
            options = options with { Labels = trained.Labels };
        if (options.ValidationRows.IsEmpty && validationData is not null)
            options = options with { ValidationRows = FirstRows(model.Transform(validationData), trained.FeatureColumnName) };
        var result = OnnxExporter.Export(trained.Network, options, path);
        using var channel = ((IHostEnvironment)context).Register(nameof(SaveAsOnnx)).Start("Export");
        channel.Info(
            MessageSensitivity.None,
            "'{0}' holds {1} parameters; largest difference to the network {2:g3}",
            result.Path,
            result.ParameterCount,
            result.MaxAbsDifference
        );
        return result;
    }

    /// <summary>Writes encoder and decoder of a trained autoencoder as ONNX files, each checked against the network.</summary>
    /// <param name="model">The trained autoencoder.</param>
    /// <param name="encoderPath">The file of the encoder, from raw pixels to codes.</param>
    /// <param name="decoderPath">The file of the decoder, from codes to pixels in 0..1.</param>
    /// <exception cref="InvalidOperationException">A file and the network differ by more than 1e-4; that file is not kept.</exception>
    public InformationVaeExportResult SaveAsOnnx(InformationVaeTransformer model, string encoderPath, string decoderPath)
    {
        ArgumentNullException.ThrowIfNull(model);
        var result = InformationVaeExporter.Export(model.Network, encoderPath, decoderPath);
        using var channel = ((IHostEnvironment)context).Register(nameof(SaveAsOnnx)).Start("Export");
        channel.Info(
            MessageSensitivity.None,
            "'{0}' and '{1}' hold the autoencoder; largest difference to the network {2:g3}",
            result.EncoderPath,
            result.DecoderPath,
            result.MaxAbsDifference
        );
        return result;
    }

    static float[] FirstRows(IDataView view, string columnName)
    {
        var column = view.Schema[columnName];
        var rows = new List<float>();
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var row = default(VBuffer<float>);
        for (var count = 0; count < ValidationRowCount && cursor.MoveNext(); count++)
        {
            getter(ref row);
            rows.AddRange(row.DenseValues());
        }
        return [.. rows];
    }
}
