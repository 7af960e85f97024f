using NoisyNN.Models.Export;
using NoisyNN.Models.Training;

namespace NoisyNN;

public sealed partial class VisionCatalog
{
    /// <summary>A variational autoencoder with the posterior of Information Dropout or the Gaussian one.</summary>
    public InformationVaeTrainer InformationVae(InformationVaeTrainer.Options options) => new(context, options);

    /// <summary>Writes encoder and decoder of a trained autoencoder as ONNX files, each checked against the network.</summary>
    /// <param name="model">The trained autoencoder.</param>
    /// <param name="encoderPath">From raw pixels to codes.</param>
    /// <param name="decoderPath">From codes to pixels in 0..1.</param>
    /// <exception cref="InvalidOperationException">File and network differ by more than 1e-4; that file is not left.</exception>
    public InformationVaeExportResult SaveAsOnnx(InformationVaeTransformer model, string encoderPath, string decoderPath)
    {
        ArgumentNullException.ThrowIfNull(model);
        return InformationVaeExporter.Export(model.Network, encoderPath, decoderPath);
    }
}
