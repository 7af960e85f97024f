using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Inference;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Models.Training;

/// <summary>Blocks of pixel rows to probabilities and predicted classes.</summary>
sealed class NetworkMapper(
    IBatchClassifier classifier, ImageClassifier network, string inputColumnName, int blockSize, IReadOnlyList<DataViewSchema.DetachedColumn> outputColumns)
    : IBlockMapper
{
    public string InputColumnName => inputColumnName;

    public int BlockSize => blockSize;

    public bool DependsOnNeighbours => network.LatentNoise is { IsTransductive: true };

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => outputColumns;

    public IBlock CreateBlock(int inputLength, int blockSize)
    {
        if (inputLength != classifier.InputLength)
            throw Schema.Mismatch("feature", inputColumnName, $"{classifier.InputLength} values, which the network was trained on", $"{inputLength}", "resize the images to the same size");
        return new Block(classifier, blockSize);
    }

    sealed class Block(IBatchClassifier classifier, int blockSize) : IBlock
    {
        readonly float[] _input = new float[blockSize * classifier.InputLength];
        readonly float[] _scores = new float[blockSize * classifier.ClassCount];
        readonly uint[] _keys = new uint[blockSize];

        public Span<float> Input => _input;

        public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
        {
            classifier.Classify(_input, rowCount, _scores);
            for (var row = 0; row < rowCount; row++)
            {
                // The first of equals wins, as in ML.NET's evaluation. Key values count from 1.
                _keys[row] = (uint)Softmax(Scores(row)) + 1;
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

        public void Dispose()
        {
        }

        /// <summary>Turns logits into probabilities, in place, and returns the index of the largest.</summary>
        static int Softmax(Span<float> scores)
        {
            var best = 0;
            for (var index = 1; index < scores.Length; index++)
                if (scores[index] > scores[best])
                    best = index;

            var largest = scores[best];
            var sum = 0.0;
            foreach (ref var score in scores)
                sum += score = MathF.Exp(score - largest);
            foreach (ref var score in scores)
                score = (float)(score / sum);
            return best;
        }

        Span<float> Scores(int row) => _scores.AsSpan(row * classifier.ClassCount, classifier.ClassCount);
    }
}
