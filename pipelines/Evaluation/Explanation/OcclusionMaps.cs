using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Evaluation.Explanation;

/// <summary>
/// The occlusion maps of some images within a budget of time. A slow network gets a coarser grid, and if the coarsest is too slow for all
/// images, maps of fewer images.
/// </summary>
/// <param name="CellCount">Cells on the longest side of an image, at most.</param>
/// <param name="Maps">For each image [h, w]; the first images have one.</param>
sealed record OcclusionMaps(int CellCount, IReadOnlyList<float[,]> Maps)
{
    /// <summary>The time that all maps may take, about: a minute.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    /// <summary>The cells of a fast network.</summary>
    public const int FinestCellCount = 14;

    const int CoarsestCellCount = 4;

    /// <summary>Makes the maps.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="shape">The size of its images.</param>
    /// <param name="cover">What cells are covered with.</param>
    /// <param name="images">The images: C·H·W raw pixels, planar.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="time">Measures a pass; null for the system's clock.</param>
    public static OcclusionMaps Of(
        IBatchClassifier classifier,
        ImageShape shape,
        float[] cover,
        IReadOnlyList<float[]> images,
        CancellationToken cancellation,
        TimeProvider? time = null
    )
    {
        var pass = TimeOfPass(classifier, images, time ?? TimeProvider.System);
        var cells = CoarsestCellCount;
        for (
            var finer = cells + 1;
            finer <= FinestCellCount && pass * OcclusionMap.PassCount(shape, finer) * images.Count <= Budget;
            finer++
        )
            cells = finer;
        var count = (int)Math.Clamp(Budget / (pass * OcclusionMap.PassCount(shape, cells)), 1, images.Count);
        var map = new OcclusionMap(classifier, shape, cover, cells);
        return new OcclusionMaps(cells, [.. images.Take(count).Select(image => map.Of(image, cancellation))]);
    }

    /// <summary>The time of an image in a batch. A first batch, which may prepare what later ones find ready, does not count.</summary>
    static TimeSpan TimeOfPass(IBatchClassifier classifier, IReadOnlyList<float[]> images, TimeProvider time)
    {
        var (rows, logits) = (images.SelectMany(image => image).ToArray(), new float[images.Count * classifier.ClassCount]);
        classifier.Classify(rows, images.Count, logits);
        var start = time.GetTimestamp();
        classifier.Classify(rows, images.Count, logits);
        // A clock that does not resolve the batch must not give endless images.
        return TimeSpan.FromTicks(Math.Max(1, time.GetElapsedTime(start).Ticks / images.Count));
    }
}
