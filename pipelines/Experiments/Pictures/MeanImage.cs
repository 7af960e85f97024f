using NoisyNN.Models.Rows;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>The mean of some images, place by place: what an image shows where it shows nothing of its own.</summary>
static class MeanImage
{
    const int MostRows = 512;

    /// <summary>Of at most 512 rows, spread evenly.</summary>
    public static float[] Of(RowStore rows)
    {
        var count = Math.Min(rows.Count, MostRows);
        return Of(rows.RowLength, Enumerable.Range(0, count).Select(index => rows.ValuesOf((int)((long)index * rows.Count / count))));
    }

    /// <summary>Of these images.</summary>
    /// <param name="length">The values of an image.</param>
    /// <param name="images">At least one.</param>
    public static float[] Of(int length, IEnumerable<float[]> images)
    {
        var (sums, count) = (new double[length], 0);
        foreach (var image in images)
        {
            for (var place = 0; place < length; place++)
                sums[place] += image[place];
            count++;
        }
        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }
}
