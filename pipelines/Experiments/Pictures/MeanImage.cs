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
        var sums = new double[rows.RowLength];
        var values = new float[rows.RowLength];
        for (var index = 0; index < count; index++)
        {
            rows.CopyTo((int)((long)index * rows.Count / count), values);
            for (var place = 0; place < values.Length; place++)
                sums[place] += values[place];
        }
        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }
}
