namespace NoisyNN.Transforms.Images;

/// <summary>The size of an image: channels, height and width in pixels.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Pixels of one plane.</summary>
    public int Area => Height * Width;

    /// <summary>Values of the whole image.</summary>
    public int Length => Channels * Area;
}
