using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>New images from old ones.</summary>
internal static class ImageResampling
{
    /// <summary>Stretches to the new size; every pixel is the nearest one of the source.</summary>
    public static MLImage Stretch(MLImage source, int width, int height)
    {
        var result = new MLImage(width, height, source.PixelFormat);
        var from = source.Pixels;
        var to = result.WritablePixels;
        for (var y = 0; y < height; y++)
        {
            var row = from.Slice(4 * source.Width * (int)((2L * y + 1) * source.Height / (2L * height)), 4 * source.Width);
            for (var x = 0; x < width; x++)
                row.Slice(4 * (int)((2L * x + 1) * source.Width / (2L * width)), 4).CopyTo(to[(4 * (y * width + x))..]);
        }
        return result;
    }

    /// <summary>Shrinks or enlarges so that all of the source is seen; what is left over stays black.</summary>
    public static MLImage Pad(MLImage source, int width, int height)
    {
        var (byWidth, byHeight) = ((float)width / source.Width, (float)height / source.Height);
        var scale = Math.Min(byWidth, byHeight);
        var left = byHeight < byWidth ? (int)((width - source.Width * scale) / 2) : 0;
        var top = byHeight < byWidth ? 0 : (int)((height - source.Height * scale) / 2);
        return Draw(source, width, height, left, top, (int)(source.Width * scale), (int)(source.Height * scale));
    }

    /// <summary>Shrinks or enlarges so that nothing is left over; what juts out is cut off, on the sides away from the anchor.</summary>
    public static MLImage Crop(MLImage source, int width, int height, ImageResizingEstimator.Anchor anchor)
    {
        var (byWidth, byHeight) = ((float)width / source.Width, (float)height / source.Height);
        var scale = Math.Max(byWidth, byHeight);
        var (left, top) = (0, 0);
        if (byHeight < byWidth)
            top = anchor switch
            {
                ImageResizingEstimator.Anchor.Top => 0,
                ImageResizingEstimator.Anchor.Bottom => (int)(height - source.Height * scale),
                _ => (int)((height - source.Height * scale) / 2),
            };
        else
            left = anchor switch
            {
                ImageResizingEstimator.Anchor.Left => 0,
                ImageResizingEstimator.Anchor.Right => (int)(width - source.Width * scale),
                _ => (int)((width - source.Width * scale) / 2),
            };
        return Draw(source, width, height, left, top, (int)(source.Width * scale), (int)(source.Height * scale));
    }

    /// <summary>The luminance 0.3 red + 0.59 green + 0.11 blue in all three colours.</summary>
    public static MLImage Gray(MLImage source)
    {
        var result = new MLImage(source.Width, source.Height, source.PixelFormat);
        var (red, blue) = source.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        var from = source.Pixels;
        var to = result.WritablePixels;
        for (var i = 0; i < to.Length; i += 4)
        {
            to[i] = to[i + 1] = to[i + 2] = (byte)(0.3f * from[i + red] + 0.59f * from[i + 1] + 0.11f * from[i + blue] + 0.5f);
            to[i + 3] = from[i + 3];
        }
        return result;
    }

    // Cubic interpolation between the sixteen nearest pixels, horizontally, then vertically; outside the source its edge goes on.
    private static MLImage Draw(MLImage source, int width, int height, int left, int top, int drawnWidth, int drawnHeight)
    {
        var result = new MLImage(width, height, source.PixelFormat);
        var to = result.WritablePixels;
        to.Clear();
        if (drawnWidth == 0 || drawnHeight == 0)
            return result;
        var columns = Taps(source.Width, drawnWidth, left, width);
        var rows = Taps(source.Height, drawnHeight, top, height);
        var from = source.Pixels;
        var stride = 4 * source.Width;
        Span<float> sums = stackalloc float[4];
        for (var y = Math.Max(top, 0); y < Math.Min(top + drawnHeight, height); y++)
        {
            for (var x = Math.Max(left, 0); x < Math.Min(left + drawnWidth, width); x++)
            {
                sums.Clear();
                for (var v = 0; v < 4; v++)
                {
                    var (sourceY, weightY) = rows[4 * y + v];
                    for (var u = 0; u < 4; u++)
                    {
                        var (sourceX, weightX) = columns[4 * x + u];
                        var weight = weightX * weightY;
                        var pixel = from.Slice(sourceY * stride + 4 * sourceX, 4);
                        for (var c = 0; c < 4; c++)
                            sums[c] += weight * pixel[c];
                    }
                }
                var target = to.Slice(4 * (y * width + x), 4);
                var alpha = Math.Clamp(sums[3], 0, 255);
                for (var c = 0; c < 3; c++)
                    target[c] = (byte)(Math.Clamp(sums[c], 0, alpha) + 0.5f);
                target[3] = (byte)(alpha + 0.5f);
            }
        }
        return result;
    }

    private static (int Index, float Weight)[] Taps(int sourceSize, int drawnSize, int offset, int size)
    {
        var taps = new (int, float)[4 * size];
        for (var i = Math.Max(offset, 0); i < Math.Min(offset + drawnSize, size); i++)
        {
            var position = (i - offset + 0.5f) * sourceSize / drawnSize - 0.5f;
            var first = (int)MathF.Floor(position) - 1;
            for (var k = 0; k < 4; k++)
                taps[4 * i + k] = (Math.Clamp(first + k, 0, sourceSize - 1), Mitchell(position - (first + k)));
        }
        return taps;
    }

    // Mitchell and Netravali 1988, B = C = 1/3.
    private static float Mitchell(float distance)
    {
        var x = MathF.Abs(distance);
        return x < 1 ? (7 * x * x * x - 12 * x * x + 16f / 3) / 6
            : x < 2 ? (-7f / 3 * x * x * x + 12 * x * x - 20 * x + 32f / 3) / 6
            : 0;
    }
}
