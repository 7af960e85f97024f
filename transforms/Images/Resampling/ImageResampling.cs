namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>
/// Resizes planar images, one axis after the other. Shrinking averages the covered area, so every pixel counts. Enlarging interpolates
/// linearly between pixel centres.
/// </summary>
public static class ImageResampling
{
    /// <summary>Resizes an image. An image of the right size is returned as it is.</summary>
    /// <param name="planes">C x H x W bytes.</param>
    /// <param name="shape">Their size.</param>
    /// <param name="newHeight">The new height, in pixels.</param>
    /// <param name="newWidth">The new width, in pixels.</param>
    /// <returns>C x newHeight x newWidth bytes, rounded to the nearest.</returns>
    public static byte[] Resize(byte[] planes, ImageShape shape, int newHeight, int newWidth)
    {
        ArgumentNullException.ThrowIfNull(planes);
        var (channels, height, width) = shape;
        if ((height, width) == (newHeight, newWidth))
            return planes;

        var plane = new ImageShape(1, newHeight, newWidth);
        var result = new byte[channels * plane.Length];
        var resampler = new PixelResampler();
        for (var channel = 0; channel < channels; channel++)
        {
            var target = new PixelTarget(result.AsSpan(channel * plane.Length, plane.Length), plane, PixelLayout.Planar, orientation: 1);
            resampler.Resize(
                planes.AsSpan(channel * shape.Area, shape.Area),
                lanes: 1,
                width,
                height,
                width,
                height,
                newWidth,
                newHeight,
                target
            );
        }
        return result;
    }
}
