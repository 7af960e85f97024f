namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Resizes planar images, one axis after the other: the average over the covered area when shrinking, so that no pixel is passed over,
/// and linear interpolation between pixel centres when enlarging.
/// </summary>
public static class ImageResampling
{
    /// <summary>Resizes an image; one of the right size is returned as it is.</summary>
    /// <param name="planes">C x H x W bytes.</param>
    /// <param name="shape">Their size.</param>
    /// <param name="newHeight">Rows wanted.</param>
    /// <param name="newWidth">Pixels of a row wanted.</param>
    /// <returns>C x newHeight x newWidth bytes, rounded to the nearest.</returns>
    public static byte[] Resize(byte[] planes, ImageShape shape, int newHeight, int newWidth)
    {
        ArgumentNullException.ThrowIfNull(planes);
        var (channels, height, width) = shape;
        if ((height, width) == (newHeight, newWidth))
            return planes;

        var (columns, rows) = (Taps(width, newWidth), Taps(height, newHeight));
        var result = new byte[channels * newHeight * newWidth];
        var narrowed = new float[height * newWidth];
        var sums = new float[newWidth];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var y = 0; y < height; y++)
            {
                var source = planes.AsSpan((channel * height + y) * width, width);
                for (var x = 0; x < newWidth; x++)
                {
                    var sum = 0f;
                    for (var i = 0; i < columns[x].Weights.Length; i++)
                        sum += columns[x].Weights[i] * source[columns[x].First + i];
                    narrowed[y * newWidth + x] = sum;
                }
            }
            for (var y = 0; y < newHeight; y++)
            {
                Array.Clear(sums);
                for (var i = 0; i < rows[y].Weights.Length; i++)
                {
                    var line = narrowed.AsSpan((rows[y].First + i) * newWidth, newWidth);
                    for (var x = 0; x < newWidth; x++)
                        sums[x] += rows[y].Weights[i] * line[x];
                }
                var target = result.AsSpan((channel * newHeight + y) * newWidth, newWidth);
                for (var x = 0; x < newWidth; x++)
                    target[x] = (byte)Math.Clamp(MathF.Round(sums[x]), 0, 255);
            }
        }
        return result;
    }

    /// <summary>For each new position, the old ones that it is made of and their weights, which add up to 1.</summary>
    static (int First, float[] Weights)[] Taps(int length, int newLength)
    {
        var scale = (double)length / newLength;
        return [.. Enumerable.Range(0, newLength).Select(i => scale > 1 ? Area(i) : Linear(i))];

        (int, float[]) Area(int i)
        {
            var (from, to) = (i * scale, Math.Min((i + 1) * scale, length));
            var first = (int)from;
            var last = Math.Min((int)Math.Ceiling(to), length) - 1;
            var weights = new float[last - first + 1];
            for (var j = first; j <= last; j++)
                weights[j - first] = (float)((Math.Min(to, j + 1) - Math.Max(from, j)) / (to - from));
            return (first, weights);
        }

        (int, float[]) Linear(int i)
        {
            var centre = Math.Clamp((i + 0.5) * scale - 0.5, 0, length - 1);
            var first = (int)centre;
            var share = (float)(centre - first);
            return share == 0 ? (first, [1f]) : (first, [1 - share, share]);
        }
    }
}
