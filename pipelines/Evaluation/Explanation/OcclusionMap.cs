using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Evaluation.Explanation;

/// <summary>
/// Where a classifier looks: how much probability its answer loses when a cell of the image is covered (Zeiler and Fergus, Visualizing and
/// Understanding Convolutional Networks, ECCV 2014). It needs nothing but answers, so it serves any network and any ONNX file.
/// </summary>
/// <param name="classifier">The classifier.</param>
/// <param name="shape">The size of its images.</param>
/// <param name="cover">
/// What a cell is covered with: an image of the same size, such as the mean of many images. Black would be a shape of its own.
/// </param>
/// <param name="cellCount">Cells on the longest side of an image, at most.</param>
sealed class OcclusionMap(IBatchClassifier classifier, ImageShape shape, float[] cover, int cellCount)
{
    // So many covered images are classified at once: enough for all threads, and 40 MB of images of 224 x 224 pixels.
    const int BatchSize = 64;

    readonly int _cell = SideOf(shape, cellCount);

    /// <summary>How many images a map classifies: the image, each cell covered, and each square of 3 x 3 cells.</summary>
    public static int PassCount(ImageShape shape, int cellCount)
    {
        var (rows, columns) = Grid(shape, SideOf(shape, cellCount));
        return 1 + rows * columns + (rows + 2) * (columns + 2);
    }

    /// <summary>Pixels on a side of a cell: as few as give at most so many cells.</summary>
    static int SideOf(ImageShape shape, int cellCount) => (Math.Max(shape.Height, shape.Width) + cellCount - 1) / cellCount;

    static (int Rows, int Columns) Grid(ImageShape shape, int side) => ((shape.Height + side - 1) / side, (shape.Width + side - 1) / side);

    /// <summary>
    /// The probability that the answer loses, for each cell [h, w], at least 0. One cell covered finds what is small. What is larger shows
    /// when squares of 3 x 3 cells are covered: a cell gets the least loss of the squares over it, so that its neighbours stay at 0.
    /// </summary>
    /// <param name="pixels">C·H·W raw pixels, planar.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public float[,] Of(float[] pixels, CancellationToken cancellation = default)
    {
        var (rows, columns) = Grid(shape, _cell);
        var whole = Answer(pixels, out var answer);
        var single = Losses(pixels, answer, whole, rows, columns, reach: 0, cancellation);
        var square = Losses(pixels, answer, whole, rows, columns, reach: 1, cancellation);
        var map = new float[rows, columns];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            map[row, column] = Math.Max(0, Math.Max(single[row, column], Least(square, row, column)));
        return map;
    }

    // The squares have centres one cell beyond each edge too: else a cell at the edge could not be told from its neighbour.
    static float Least(float[,] squares, int row, int column)
    {
        var least = float.MaxValue;
        for (var y = row; y <= row + 2; y++)
        for (var x = column; x <= column + 2; x++)
            least = Math.Min(least, squares[y, x]);
        return least;
    }

    float Answer(float[] pixels, out int answer)
    {
        var logits = new float[classifier.ClassCount];
        classifier.Classify(pixels, 1, logits);
        answer = ScoreColumns.IndexOfLargest(logits);
        return Probability(logits, answer);
    }

    /// <summary>What the answer loses under a cover of 2 reach + 1 cells, with its centre at every cell and up to reach cells
    /// beyond.</summary>
    float[,] Losses(float[] pixels, int answer, float whole, int rows, int columns, int reach, CancellationToken cancellation)
    {
        var (height, width, classes) = (rows + 2 * reach, columns + 2 * reach, classifier.ClassCount);
        var batch = Math.Min(BatchSize, height * width);
        var covered = new float[batch * pixels.Length];
        var logits = new float[batch * classes];
        var losses = new float[height, width];
        for (var start = 0; start < height * width; start += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(batch, height * width - start);
            for (var index = 0; index < count; index++)
            {
                var (row, column) = Math.DivRem(start + index, width);
                var image = covered.AsSpan(index * pixels.Length, pixels.Length);
                pixels.CopyTo(image);
                Cover(image, row - reach, column - reach, reach);
            }
            classifier.Classify(covered, count, logits);
            for (var index = 0; index < count; index++)
            {
                var (row, column) = Math.DivRem(start + index, width);
                losses[row, column] = whole - Probability(logits.AsSpan(index * classes, classes), answer);
            }
        }
        return losses;
    }

    void Cover(Span<float> image, int row, int column, int reach)
    {
        var (top, bottom) = (Math.Max(0, (row - reach) * _cell), Math.Min(shape.Height, (row + reach + 1) * _cell));
        var (left, right) = (Math.Max(0, (column - reach) * _cell), Math.Min(shape.Width, (column + reach + 1) * _cell));
        for (var channel = 0; channel < shape.Channels; channel++)
        for (var y = top; y < bottom; y++)
        {
            var start = (channel * shape.Height + y) * shape.Width;
            cover.AsSpan(start + left, right - left).CopyTo(image[(start + left)..]);
        }
    }

    static float Probability(ReadOnlySpan<float> logits, int label)
    {
        var (largest, sum) = (float.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            largest = Math.Max(largest, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - largest);
        return (float)(Math.Exp(logits[label] - largest) / sum);
    }
}
