using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Inputs;

/// <summary>
/// Writes images into a model's input, [C, H, W] or [H, W, C] with one, three or four channels, as the options say, else as the model
/// states (<see cref="PixelEncoding"/>).
/// </summary>
sealed class ImagePixels
{
    readonly TensorElementType _type;
    readonly int _height,
        _width,
        _channels;
    readonly int _pixelStride,
        _channelStride;
    readonly PixelEncoding _encoding;

    /// <exception cref="NotSupportedException">The model describes its pixels in a way that this class does not know.</exception>
    public ImagePixels(OnnxRows rows, ImageDataViewType column, OnnxModel model, PixelEncoding? encoding)
    {
        _type = rows.ElementType;
        var isPlanar = Fit(rows.Dimensions, firstSide: 1, column.Height, column.Width) is not null;
        (_channels, _height, _width) = isPlanar
            ? (rows.Dimensions[0], rows.Dimensions[1], rows.Dimensions[2])
            : (rows.Dimensions[2], rows.Dimensions[0], rows.Dimensions[1]);
        (_pixelStride, _channelStride) = isPlanar ? (1, _height * _width) : (_channels, 1);
        _encoding = encoding ?? PixelEncoding.Of(model.Metadata);
        _encoding.Validate(Math.Min(_channels, 3));
        if (_type == TensorElementType.UInt8 && !_encoding.KeepsValues)
            throw new NotSupportedException(
                $"'{model.FileName}' wants normalised pixels in whole numbers. Prepare them in a column of numbers."
            );
    }

    /// <summary>The shape that an image column feeds, channels first if that fits; null if the input cannot take images.</summary>
    /// <param name="wanted">The shape of a row of the model's input; -1 for an open dimension.</param>
    /// <param name="column">Images of one size, or of any.</param>
    public static int[]? Shape(int[] wanted, ImageDataViewType column) =>
        Fit(wanted, firstSide: 1, column.Height, column.Width) ?? Fit(wanted, firstSide: 0, column.Height, column.Width);

    static int[]? Fit(int[] wanted, int firstSide, int height, int width)
    {
        if (wanted.Length != 3 || wanted[firstSide == 1 ? 0 : 2] is not (1 or 3 or 4))
            return null;
        int[] shape = [.. wanted];
        foreach (var (index, length) in ((int, int)[])[(firstSide, height), (firstSide + 1, width)])
        {
            if (length > 0 && shape[index] >= 0 && shape[index] != length)
                return null;
            // An open side needs images that have one size.
            if (shape[index] < 0)
                shape[index] = length;
        }
        return shape.Contains(0) ? null : shape;
    }

    public void Copy(MLImage image, Span<byte> destination, string place)
    {
        if (image.Width != _width || image.Height != _height)
            throw new InvalidOperationException(
                $"{place} is an image of {image.Width} x {image.Height} pixels, but the model takes {_width} x "
                    + $"{_height}. Put ml.Transforms.ResizeImages before it."
            );

        var pixels = image.Pixels;
        var bgra = image.PixelFormat == MLPixelFormat.Bgra32;
        for (var channel = 0; channel < _channels; channel++)
        {
            // Red and blue are swapped if exactly one of image and model has blue first. Grey uses the weights of ITU-R BT.601.
            var source = channel < 3 && bgra != _encoding.BlueFirst ? 2 - channel : channel;
            var (scale, offset) = channel < 3 ? _encoding.Of(channel) : PixelEncoding.Raw.Of(channel);
            for (var pixel = 0; pixel < _height * _width; pixel++)
            {
                var quad = pixels.Slice(pixel * 4, 4);
                var value = _channels == 1 ? Grey(quad[bgra ? 2 : 0], quad[1], quad[bgra ? 0 : 2]) : quad[source];
                Store(destination, channel * _channelStride + pixel * _pixelStride, value, scale, offset);
            }
        }
    }

    static byte Grey(byte red, byte green, byte blue) => (byte)((299 * red + 587 * green + 114 * blue + 500) / 1000);

    void Store(Span<byte> destination, int index, byte value, float scale, float offset)
    {
        if (_type == TensorElementType.UInt8)
            destination[index] = value;
        else if (_type == TensorElementType.Float)
            MemoryMarshal.Cast<byte, float>(destination)[index] = value * scale + offset;
        else if (_type == TensorElementType.Double)
            MemoryMarshal.Cast<byte, double>(destination)[index] = value * scale + offset;
        else
            MemoryMarshal.Cast<byte, Half>(destination)[index] = (Half)(value * scale + offset);
    }
}
