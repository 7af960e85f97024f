using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Export;
using NoisyNN.Models.Features;
using NoisyNN.Models.Training;

namespace NoisyNN;

public sealed partial class VisionCatalog
{
    /// <summary>An all-convolutional network with Information Dropout.</summary>
    public AllCnnTrainer AllCnn(AllCnnTrainer.Options options) => new(context, options);

    /// <summary>A linear probe or a small perceptron, with noise, on a column of vectors.</summary>
    public NoisyClassifierTrainer NoisyClassifier(NoisyClassifierTrainer.Options options) => new(context, options);

    /// <summary>A variational autoencoder with the posterior of Information Dropout or the Gaussian one.</summary>
    public InformationVaeTrainer InformationVae(InformationVaeTrainer.Options options) => new(context, options);

    /// <summary>The activations of a named layer of a network as a vector column.</summary>
    public FeaturesEstimator Features(FeaturesEstimator.Options options) => new(context, options);

    /// <summary>The activations of a named layer of a network, trained or with weights from a file, as a vector column.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">What the network takes.</param>
    /// <param name="network">The network, which stays the caller's.</param>
    /// <param name="layer">A name of <see cref="ImageClassifier.Layers"/>, such as <c>class_token</c>, <c>pooled</c> or <c>block.3</c>; null for what the head reads.</param>
    /// <param name="batchSize">Rows that are computed at once.</param>
    public FeaturesEstimator Features(string outputColumnName, string inputColumnName, ImageClassifier network, string? layer = null, int batchSize = 64) =>
        new(context, new() { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Network = network, Layer = layer, BatchSize = batchSize });

    /// <summary>The activations of a named layer of the network that a trained model holds, as a vector column.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">What the network takes.</param>
    /// <param name="model">A transformer from a trainer of <c>ml.Vision</c>, or a chain that holds one; it must outlive the new column.</param>
    /// <param name="layer">A name of <see cref="ImageClassifier.Layers"/>; null for what the head reads.</param>
    /// <param name="batchSize">Rows that are computed at once.</param>
    /// <exception cref="ArgumentException">The model holds no trained network, or the network has no such layer.</exception>
    public FeaturesEstimator Features(string outputColumnName, string inputColumnName, ITransformer model, string? layer = null, int batchSize = 64) =>
        Features(outputColumnName, inputColumnName, NetworkTransformer.FindIn(model).Network, layer, batchSize);

    /// <summary>Writes encoder and decoder of a trained autoencoder as ONNX files, each checked against the network.</summary>
    /// <param name="model">The trained autoencoder.</param>
    /// <param name="encoderPath">From raw pixels to codes.</param>
    /// <param name="decoderPath">From codes to pixels in 0..1.</param>
    /// <exception cref="InvalidOperationException">File and network differ by more than 1e-4; that file is not left.</exception>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "Called on the catalog, like its neighbours.")]
    public InformationVaeExportResult SaveAsOnnx(InformationVaeTransformer model, string encoderPath, string decoderPath)
    {
        ArgumentNullException.ThrowIfNull(model);
        var result = InformationVaeExporter.Export(model.Network, encoderPath, decoderPath);
        using var channel = ((IHostEnvironment)context).Register(nameof(SaveAsOnnx)).Start("Export");
        channel.Info(MessageSensitivity.None, "'{0}' and '{1}' hold the autoencoder; largest difference to the network {2:g3}", result.EncoderPath, result.DecoderPath, result.MaxAbsDifference);
        return result;
    }
}
