using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>An ONNX file as a classifier of batches of raw planar pixels.</summary>
/// <param name="ml">The context.</param>
/// <param name="model">The file, open for images.</param>
sealed class ModelClassifier(MLContext ml, ModelFile model) : IBatchClassifier
{
    // Single-precision softmax rounds small probabilities to 0; their logarithm is taken at the smallest normal number.
    const float LeastProbability = 1.17549435e-38f;

    /// <inheritdoc/>
    public int InputLength => model.Shape.Length;

    /// <inheritdoc/>
    public int ClassCount => model.Labels.Count;

    /// <summary>The scores of each row; the logarithms of probabilities, whose softmax is the probabilities again.</summary>
    public void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits)
    {
        var images = new Image[rowCount];
        for (var row = 0; row < rowCount; row++)
            images[row] = new Image { Pixels = rows.Slice(row * InputLength, InputLength).ToArray() };
        var next = 0;
        foreach (var scores in model.Score(ml.Data.LoadFromEnumerable(images, Columns(model.Shape))).GetColumn<float[]>("Score"))
        {
            var target = logits.Slice(next++ * ClassCount, ClassCount);
            var areProbabilities = Math.Abs(scores.Sum() - 1) < 1e-3f && scores.Min() >= 0;
            for (var label = 0; label < scores.Length; label++)
                target[label] = areProbabilities ? MathF.Log(Math.Max(scores[label], LeastProbability)) : scores[label];
        }
    }

    static SchemaDefinition Columns(ImageShape shape)
    {
        var columns = SchemaDefinition.Create(typeof(Image));
        columns[nameof(Image.Pixels)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            shape.Channels,
            shape.Height,
            shape.Width
        );
        return columns;
    }

    sealed class Image
    {
        public float[] Pixels { get; set; } = [];
    }
}
