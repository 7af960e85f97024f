using NoisyNN.Models.Prediction;
using NoisyNN.Pipelines.Evaluation.Explanation;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Evaluation.Explanation;

[TestClass]
public sealed class OcclusionMapTests
{
    static readonly ImageShape s_shape = new(1, 28, 28);

    /// <summary>Says "bright" by the mean of a patch alone; whatever else the image shows does not matter.</summary>
    sealed class PatchClassifier(int top, int left, int side) : IBatchClassifier
    {
        public int InputLength => s_shape.Length;

        public int ClassCount => 2;

        public void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var sum = 0f;
                for (var y = top; y < top + side; y++)
                for (var x = left; x < left + side; x++)
                    sum += rows[row * InputLength + y * s_shape.Width + x];
                logits[2 * row] = 0;
                logits[2 * row + 1] = 8 * (sum / (side * side) / 255 - 0.5f);
            }
        }
    }

    static float[] NoisyImage(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, s_shape.Length).Select(_ => (float)random.Next(180, 256))];
    }

    static float[] Grey => [.. Enumerable.Repeat(100f, s_shape.Length)];

    [TestMethod]
    [DataRow(4, 8, 6)]
    [DataRow(16, 2, 8)]
    [DataRow(10, 10, 2)]
    [DataRow(0, 20, 8)]
    public void Nine_tenths_of_a_map_lie_on_the_patch_that_alone_decides(int top, int left, int side)
    {
        var map = new OcclusionMap(new PatchClassifier(top, left, side), s_shape, Grey, OcclusionMaps.FinestCellCount).Of(
            NoisyImage(seed: top)
        );

        var (inside, all) = (0f, 0f);
        for (var row = 0; row < map.GetLength(0); row++)
        for (var column = 0; column < map.GetLength(1); column++)
        {
            all += map[row, column];
            var (y, x) = (row * 2 + 1, column * 2 + 1);
            if (y >= top && y < top + side && x >= left && x < left + side)
                inside += map[row, column];
        }
        Assert.IsGreaterThan(0.01f, all, "covering the patch changes the answer");
        Assert.IsGreaterThanOrEqualTo(0.9f, inside / all);
    }

    [TestMethod]
    public void A_classifier_that_looks_at_nothing_has_an_empty_map()
    {
        var map = new OcclusionMap(new PatchClassifier(4, 8, 6), s_shape, Grey, OcclusionMaps.FinestCellCount).Of(Grey);

        Assert.AreEqual(0, map.Cast<float>().Max(), "grey covered with grey is the same image");
    }
}
