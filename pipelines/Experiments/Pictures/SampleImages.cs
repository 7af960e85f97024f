using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>A few test images that stand for all: the first ones of each class, which nobody has picked.</summary>
sealed class SampleImages
{
    /// <summary>How many images.</summary>
    public const int MostImages = 8;

    public SampleImages(RowStore test, IReadOnlyList<string> labels, ImageShape shape)
    {
        Shape = shape;
        var rows = FirstOfEachClass([.. Enumerable.Range(0, test.Count).Select(test.ClassOf)]);
        Rows = test.Select(rows);
        Values = Array.ConvertAll(rows, test.ValuesOf);
        Labels = Array.ConvertAll(rows, row => labels[test.ClassOf(row)]);
    }

    /// <summary>The size of an image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The images as rows of the test set.</summary>
    public RowStore Rows { get; }

    /// <summary>The values of each image: C·H·W raw pixels, planar, 0 to 255.</summary>
    public IReadOnlyList<float[]> Values { get; }

    /// <summary>The class of each image.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The images with their classes for captions.</summary>
    public IReadOnlyList<ShownImage> Shown() => [.. Labels.Zip(Values, (label, values) => ShownImage.Of(label, values))];

    /// <summary>The first row of each class, then the second ones, until there are enough; classes in their order.</summary>
    internal static int[] FirstOfEachClass(IReadOnlyList<int> labels) =>
        [
            .. labels
                .Select((label, row) => (label, row))
                .GroupBy(pair => pair.label)
                .SelectMany(rows => rows.Take(MostImages).Select((pair, rank) => (pair.label, pair.row, rank)))
                .OrderBy(pair => pair.rank)
                .ThenBy(pair => pair.label)
                .Take(MostImages)
                .OrderBy(pair => pair.label)
                .Select(pair => pair.row),
        ];
}
