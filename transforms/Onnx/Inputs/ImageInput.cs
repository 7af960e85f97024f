using NoisyNN.Transforms.Images;

namespace NoisyNN.Transforms.Onnx.Inputs;

/// <summary>The images that a model takes.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">Rows; -1 where the model takes any number.</param>
/// <param name="Width">Pixels of a row; -1 where the model takes any number.</param>
/// <param name="Layout">The order of the values.</param>
public readonly record struct ImageInput(int Channels, int Height, int Width, PixelLayout Layout)
{
    /// <summary>The images of a row of this shape; null if it holds none.</summary>
    /// <param name="dimensions">The shape of one row of the model's input.</param>
    /// <param name="isBytes">Whether it holds bytes, which lie as decoders return them.</param>
    public static ImageInput? Of(IReadOnlyList<int> dimensions, bool isBytes)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return (dimensions, isBytes) switch
        {
            ([var height, var width, (1 or 3) and var channels], true) => new(channels, height, width, PixelLayout.Interleaved),
            ([(1 or 3) and var channels, var height, var width], false) => new(channels, height, width, PixelLayout.Planar),
            // Only the last dimension can be channels.
            ([var height, var width, (1 or 3) and var channels], false) => new(channels, height, width, PixelLayout.Interleaved),
            _ => null,
        };
    }
}
