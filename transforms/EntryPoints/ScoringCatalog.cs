using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN;

/// <summary>Estimators that score with finished models: <c>ml.Scoring</c>.</summary>
public sealed class ScoringCatalog
{
    readonly MLContext _context;

    internal ScoringCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Scores rows with an ONNX model, a batch at a time. Works with any model that has one input of numbers with rows along its first
    /// dimension, and takes any float output as a column, class scores and embeddings alike.
    /// </summary>
    /// <param name="outputColumnName">The column to make, a known-size vector of Single. Where the model carries labels, "PredictedLabel"
    /// is added.</param>
    /// <param name="inputColumnName">The column to feed, a known-size vector of Single or Byte, or images.</param>
    /// <param name="modelFile">Path of the ONNX file.</param>
    /// <param name="output">The model's output to read; null for "Score" or, where there is none, the first.</param>
    /// <param name="batchSize">Rows per run of ONNX Runtime; null lets a short warm-up choose.</param>
    /// <param name="gpuDeviceId">The CUDA device; null for the context's.</param>
    /// <param name="fallbackToCpu">Whether the CPU does where CUDA is not to be had; null for the context's choice.</param>
    /// <example><code>
    /// var embedding = ml.Scoring.OnnxBatch("Embedding", "Pixels", "model.onnx", output: "ClassToken");
    /// </code></example>
    public OnnxBatchEstimator OnnxBatch(
        string outputColumnName,
        string inputColumnName,
        string modelFile,
        string? output = null,
        int? batchSize = null,
        int? gpuDeviceId = null,
        bool? fallbackToCpu = null
    ) =>
        OnnxBatch(
            new()
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                ModelFile = modelFile,
                Output = output,
                BatchSize = batchSize,
                GpuDeviceId = gpuDeviceId,
                FallbackToCpu = fallbackToCpu,
            }
        );

    /// <inheritdoc cref="OnnxBatch(string, string, string, string?, int?, int?, bool?)"/>
    public OnnxBatchEstimator OnnxBatch(OnnxBatchEstimator.Options options) => new(_context, options);
}

/// <summary>Hangs <see cref="ScoringCatalog"/> on the context.</summary>
public static class ScoringExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that score with finished models.</summary>
        public ScoringCatalog Scoring => new(context);
    }
}
