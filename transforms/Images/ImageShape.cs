namespace NoisyNN.Transforms.Images;

/// <summary>The size of an image: planes, rows, pixels of a row.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Pixels of one plane.</summary>
    public int Area => Height * Width;

    /// <summary>Values of the whole image.</summary>
    public int Length => Channels * Area;
}
