namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>Where resized pixels go: turned upright, and in the layout that is wanted.</summary>
readonly ref struct PixelTarget(Span<byte> pixels, ImageShape shape, PixelLayout layout, int orientation)
{
    readonly Orientation _orientation = new(orientation, shape.Width, shape.Height);
    readonly int _pixelStride = layout == PixelLayout.Planar ? 1 : shape.Channels;

    public Span<byte> Pixels { get; } = pixels;

    public int Channels { get; } = shape.Channels;

    /// <summary>From a value of a pixel to its next channel.</summary>
    public int ChannelStep { get; } = layout == PixelLayout.Planar ? shape.Area : 1;

    /// <summary>From a pixel to its right neighbour of the stored image.</summary>
    public int StepRight => _orientation.StepRight * _pixelStride;

    /// <summary>The place of the first pixel of a stored row.</summary>
    public int StartOfRow(int row) => (_orientation.Start + row * _orientation.StepDown) * _pixelStride;
}
