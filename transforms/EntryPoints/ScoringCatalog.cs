using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN;

/// <summary>Estimators that score with finished models: <c>ml.Scoring</c>.</summary>
public sealed class ScoringCatalog
{
    readonly MLContext _context;

    internal ScoringCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Scores rows with an ONNX model, a batch at a time. The model needs one input of numbers with rows along its first dimension. Any
    /// float output becomes a column, such as class scores or embeddings.
    /// </summary>
    /// <param name="outputColumnName">The column to make, a known-size vector of Single. If the model has labels, the column
    /// "PredictedLabel" is added.</param>
    /// <param name="inputColumnName">The column to feed, a known-size vector of Single or Byte, or images.</param>
    /// <param name="modelFile">Path of the ONNX file.</param>
    /// <param name="output">The model's output to read; null for "Score" or, if there is none, the first output.</param>
    /// <param name="batchSize">Rows per run of ONNX Runtime; null lets a short warm-up choose.</param>
    /// <param name="gpuDeviceId">The CUDA device; null for the context's.</param>
    /// <param name="fallbackToCpu">Whether to score on the CPU if CUDA is not available; null for the context's choice.</param>
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

/// <summary>Adds <see cref="ScoringCatalog"/> to <see cref="MLContext"/>.</summary>
public static class ScoringExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that score with finished models.</summary>
        public ScoringCatalog Scoring => new(context);
    }
}
