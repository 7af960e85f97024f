using NoisyNN.Models.Prediction;
using NoisyNN.Pipelines.Evaluation.Explanation;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Evaluation.Explanation;

/// <summary>How many images the maps of a slow network classify.</summary>
[TestClass]
public sealed class OcclusionMapsTests
{
    static readonly ImageShape s_shape = new(1, 28, 28);

    /// <summary>A clock that a classifier moves on.</summary>
    sealed class Clock : TimeProvider
    {
        long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }

    sealed class SlowClassifier(Clock clock, TimeSpan perImage) : IBatchClassifier
    {
        public int InputLength => s_shape.Length;

        public int ClassCount => 2;

        public int Classified { get; private set; }

        public int LargestBatch { get; private set; }

        public void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits)
        {
            Classified += rowCount;
            LargestBatch = Math.Max(LargestBatch, rowCount);
            clock.Pass(perImage * rowCount);
            for (var row = 0; row < rowCount; row++)
                (logits[2 * row], logits[2 * row + 1]) = (0, rows[row * InputLength] / 100);
        }
    }

    [TestMethod]
    [DataRow(0.1, 14, 8)] // 8 · 453 passes take 0.4 s
    [DataRow(16, 14, 8)] // 58 s
    [DataRow(17, 10, 8)] // 8 · 245 passes take 33 s; cells of 3 pixels are the next size
    [DataRow(101, 4, 8)] // 8 · 53 passes take 43 s; of 5 cells, 8 · 75 passes take 61 s
    [DataRow(500, 4, 2)] // 53 passes take 27 s
    [DataRow(5000, 4, 1)] // a map always
    public void A_slow_network_gets_a_coarser_grid_and_then_fewer_images(double milliseconds, int cells, int images)
    {
        var clock = new Clock();
        var classifier = new SlowClassifier(clock, TimeSpan.FromMilliseconds(milliseconds));
        float[][] rows = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Repeat(200f, s_shape.Length).ToArray())];

        var maps = OcclusionMaps.Of(classifier, s_shape, new float[s_shape.Length], rows, CancellationToken.None, clock);

        Assert.HasCount(images, maps.Maps);
        Assert.AreEqual((cells, cells), (maps.Maps[0].GetLength(0), maps.Maps[0].GetLength(1)));
        // Two batches measure the time; then the image, each cell and each square of cells.
        Assert.AreEqual(16 + images * (1 + cells * cells + (cells + 2) * (cells + 2)), classifier.Classified);
        Assert.IsLessThanOrEqualTo(64, classifier.LargestBatch);
    }
}
