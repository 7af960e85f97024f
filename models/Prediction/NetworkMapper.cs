using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Ranges;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Models.Prediction;

/// <summary>Blocks of pixel rows to probabilities and predicted classes.</summary>
sealed class NetworkMapper(
    IBatchClassifier classifier,
    Classifier network,
    string inputColumnName,
    int blockSize,
    IReadOnlyList<DataViewSchema.DetachedColumn> outputColumns,
    PixelRangeCheck? range
) : IBlockMapper
{
    public string InputColumnName => inputColumnName;

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => network.LatentNoise is { IsTransductive: true };

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => outputColumns;

    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public void ThrowIfUnfit(DataViewSchema schema) => FeatureColumn.Find(schema, inputColumnName, [.. network.InputShape]);

    public IBlock CreateBlock(int inputLength, int blockSize)
    {
        var block = new Block(classifier, network, blockSize);
        return range is null ? block : new PixelRangeBlock(block, range, classifier.InputLength);
    }

    sealed class Block(IBatchClassifier classifier, Classifier network, int blockSize) : IBlock
    {
        readonly float[] _input = new float[blockSize * classifier.InputLength];
        readonly float[] _scores = new float[blockSize * classifier.ClassCount];
        readonly uint[] _keys = new uint[blockSize];

        public Span<float> Input => _input;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            DisposedTransformer.ThrowIf(network.IsDisposed, nameof(NetworkTransformer), "its network");
            classifier.Classify(_input, rowCount, _scores);
            for (var row = 0; row < rowCount; row++)
            {
                Softmax(Scores(row));
                _keys[row] = ScoreColumns.PredictedKey(Scores(row));
            }
        }

        public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock)
        {
            ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, classifier.ClassCount);
                Scores(rowInBlock()).CopyTo(editor.Values);
                value = editor.Commit();
            };
            ValueGetter<uint> predictedLabel = (ref uint value) => value = _keys[rowInBlock()];
            return (ValueGetter<T>)(Delegate)(outputIndex == 0 ? score : predictedLabel);
        }

        public void Dispose() { }

        /// <summary>Turns logits into probabilities, in place. One that is not a number makes all of them so.</summary>
        static void Softmax(Span<float> scores)
        {
            var largest = float.NegativeInfinity;
            foreach (var score in scores)
                largest = MathF.Max(largest, score);
            var sum = 0.0;
            foreach (ref var score in scores)
                sum += score = MathF.Exp(score - largest);
            foreach (ref var score in scores)
                score = (float)(score / sum);
        }

        Span<float> Scores(int row) => _scores.AsSpan(row * classifier.ClassCount, classifier.ClassCount);
    }
}
