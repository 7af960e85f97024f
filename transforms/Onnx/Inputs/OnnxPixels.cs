using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Inputs;

/// <summary>How raw planar pixels [C, H, W] feed a model.</summary>
/// <param name="Encoding">What becomes of their values.</param>
/// <param name="ChannelCount">C.</param>
/// <param name="IsInterleaved">Whether the model takes [H, W, C].</param>
sealed record OnnxPixels(PixelEncoding Encoding, int ChannelCount, bool IsInterleaved)
{
    /// <summary>Whole pixels of a model of bytes, which lie as decoders hand them out.</summary>
    public static OnnxPixels Interleaved(OnnxRows rows) => new(PixelEncoding.Raw, rows.Dimensions[2], IsInterleaved: true);

    /// <param name="model">The model.</param>
    /// <param name="rows">Its rows, which are images.</param>
    /// <param name="image">The pixel column's [C, H, W].</param>
    /// <param name="given">What the user says of the encoding; null for what the model states.</param>
    /// <exception cref="ArgumentException">The encoding does not fit the channels, or whole numbers.</exception>
    /// <exception cref="NotSupportedException">The model states a range that is unknown.</exception>
    public static OnnxPixels Of(OnnxModel model, OnnxRows rows, IReadOnlyList<int> image, PixelEncoding? given)
    {
        var encoding = given ?? PixelEncoding.Of(model.Metadata);
        encoding.Validate(image[0]);
        if (rows.ElementType == TensorElementType.UInt8 && !encoding.KeepsValues)
            throw new ArgumentException($"'{model.FileName}' takes whole numbers from 0 to 255, which are not {encoding}.");
        return new(encoding, image[0], IsInterleavedIn(rows, image));
    }

    /// <summary>Whether rows are [H, W, C] of an image. Where they could be [C, H, W] just as well, what the model takes decides.</summary>
    static bool IsInterleavedIn(OnnxRows rows, IReadOnlyList<int> image)
    {
        var isPlanar = rows.Dimensions.SequenceEqual(image);
        var isInterleaved = rows.Dimensions.SequenceEqual([image[1], image[2], image[0]]);
        return isInterleaved
            && (
                !isPlanar
                || ImageInput.Of(rows.Dimensions, rows.ElementType == TensorElementType.UInt8) is { Layout: PixelLayout.Interleaved }
            );
    }
}
