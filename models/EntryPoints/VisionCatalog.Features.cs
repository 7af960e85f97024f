using Microsoft.ML;
using NoisyNN.Models.Features;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;

namespace NoisyNN;

public sealed partial class VisionCatalog
{
    /// <summary>The activations of a named layer of a network as a vector column.</summary>
    public FeaturesEstimator Features(FeaturesEstimator.Options options) => new(context, options);

    /// <summary>The activations of a named layer of a network, trained or with weights from a file, as a vector column.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column that the network reads.</param>
    /// <param name="network">The network, which the caller still owns.</param>
    /// <param name="layer">A name of <see cref="Classifier.Layers"/>, such as <c>class_token</c>, <c>pooled</c> or <c>block.3</c>;
    /// null for the input of the head.</param>
    /// <param name="batchSize">Rows that are computed at once.</param>
    public FeaturesEstimator Features(
        string outputColumnName,
        string inputColumnName,
        Classifier network,
        string? layer = null,
        int batchSize = 64
    ) =>
        new(
            context,
            new()
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Network = network,
                Layer = layer,
                BatchSize = batchSize,
            }
        );

    /// <summary>The activations of a named layer of the network that a trained model holds, as a vector column.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column that the network reads.</param>
    /// <param name="model">A transformer from a trainer of <c>ml.Vision</c>, or a chain that holds one; it must outlive the new
    /// column.</param>
    /// <param name="layer">A name of <see cref="Classifier.Layers"/>; null for the input of the head.</param>
    /// <param name="batchSize">Rows that are computed at once.</param>
    /// <exception cref="ArgumentException">The model holds no trained network, or the network has no such layer.</exception>
    public FeaturesEstimator Features(
        string outputColumnName,
        string inputColumnName,
        ITransformer model,
        string? layer = null,
        int batchSize = 64
    ) => Features(outputColumnName, inputColumnName, NetworkTransformer.FindIn(model).Network, layer, batchSize);
}
