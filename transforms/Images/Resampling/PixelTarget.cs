namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>The destination of resized pixels: upright, and in the wanted layout.</summary>
readonly ref struct PixelTarget(Span<byte> pixels, ImageShape shape, PixelLayout layout, int orientation)
{
    readonly Orientation _orientation = new(orientation, shape.Width, shape.Height);
    readonly int _pixelStride = layout == PixelLayout.Planar ? 1 : shape.Channels;

    public Span<byte> Pixels { get; } = pixels;

    public int Channels { get; } = shape.Channels;

    /// <summary>The step from a value of a pixel to its next channel.</summary>
    public int ChannelStep { get; } = layout == PixelLayout.Planar ? shape.Area : 1;

    /// <summary>The step from a pixel to its right neighbour in the stored image.</summary>
    public int StepRight => _orientation.StepRight * _pixelStride;

    /// <summary>The index of the first pixel of a stored row.</summary>
    public int StartOfRow(int row) => (_orientation.Start + row * _orientation.StepDown) * _pixelStride;
}
