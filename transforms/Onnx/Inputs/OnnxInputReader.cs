using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Images.Resampling;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Inputs;

/// <summary>
/// Reads columns of bytes, doubles and images into a model's input buffer, and floats into one of halves, doubles or bytes.
/// </summary>
static class OnnxInputReader
{
    public static Action<int> Create(
        DataViewRow row,
        DataViewSchema.Column column,
        OnnxRows rows,
        byte[] buffer,
        OnnxModel model,
        OnnxPixels? pixels
    ) =>
        column.Type switch
        {
            ImageDataViewType image => ImageReader(row, column, rows, buffer, new ImagePixels(rows, image, model, pixels?.Encoding)),
            _ when pixels is not null => PixelReader(row, column, rows, buffer, pixels),
            VectorDataViewType { ItemType: NumberDataViewType item } when item == NumberDataViewType.Byte => ByteReader(
                row,
                column,
                rows,
                buffer
            ),
            VectorDataViewType { ItemType: NumberDataViewType item } when item == NumberDataViewType.Double => DoubleReader(
                row,
                column,
                rows,
                buffer
            ),
            _ when rows.ElementType == TensorElementType.UInt8 => PixelReader(row, column, rows, buffer, OnnxPixels.Interleaved(rows)),
            _ => SingleReader(row, column, rows, buffer),
        };

    static Action<int> ByteReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer)
    {
        var getter = row.GetGetter<VBuffer<byte>>(column);
        var value = default(VBuffer<byte>);
        var (bytes, floats) = (new byte[rows.Length], new float[rows.Length]);
        return slot =>
        {
            getter(ref value);
            CheckLength(value.Length, rows.Length, column, row.Position);
            if (rows.ElementType == TensorElementType.UInt8)
            {
                value.CopyTo(Row(buffer, rows, slot));
                return;
            }
            value.CopyTo(bytes);
            for (var index = 0; index < bytes.Length; index++)
                floats[index] = bytes[index];
            OnnxElement.CopyTo(floats, Row(buffer, rows, slot), rows.ElementType);
        };
    }

    static Action<int> SingleReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        var value = default(VBuffer<float>);
        var floats = new float[rows.Length];
        return slot =>
        {
            getter(ref value);
            CheckLength(value.Length, rows.Length, column, row.Position);
            value.CopyTo(floats);
            OnnxElement.CopyTo(floats, Row(buffer, rows, slot), rows.ElementType);
        };
    }

    static Action<int> DoubleReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer)
    {
        var getter = row.GetGetter<VBuffer<double>>(column);
        var value = default(VBuffer<double>);
        return slot =>
        {
            getter(ref value);
            CheckLength(value.Length, rows.Length, column, row.Position);
            value.CopyTo(MemoryMarshal.Cast<byte, double>(Row(buffer, rows, slot)));
        };
    }

    /// <summary>
    /// Raw planar pixels, [C, H, W], as the model takes them. For a model of bytes, values that are not integers from 0 to 255 are
    /// rejected, not rounded.
    /// </summary>
    static Action<int> PixelReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer, OnnxPixels pixels)
    {
        var (planar, encoded) = (new float[rows.Length], new float[rows.Length]);
        var read = PlanarReader(row, column, rows.Length, planar);
        return slot =>
        {
            read();
            pixels.Encoding.Encode(planar, encoded, pixels.ChannelCount, pixels.IsInterleaved);
            var target = Row(buffer, rows, slot);
            if (rows.ElementType == TensorElementType.UInt8)
                CopyWhole(encoded, target, column, row.Position);
            else
                OnnxElement.CopyTo(encoded, target, rows.ElementType);
        };
    }

    static Action PlanarReader(DataViewRow row, DataViewSchema.Column column, int length, float[] planar)
    {
        if (column.Type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Byte)
        {
            var getBytes = row.GetGetter<VBuffer<byte>>(column);
            var (bytes, dense) = (default(VBuffer<byte>), new byte[length]);
            return () =>
            {
                getBytes(ref bytes);
                CheckLength(bytes.Length, length, column, row.Position);
                bytes.CopyTo(dense);
                PixelConversion.Widen(dense, planar);
            };
        }
        var getFloats = row.GetGetter<VBuffer<float>>(column);
        var floats = default(VBuffer<float>);
        return () =>
        {
            getFloats(ref floats);
            CheckLength(floats.Length, length, column, row.Position);
            floats.CopyTo(planar);
        };
    }

    static void CopyWhole(float[] values, Span<byte> destination, DataViewSchema.Column column, long position)
    {
        for (var index = 0; index < values.Length; index++)
        {
            var pixel = (byte)Math.Clamp(values[index], 0, 255);
            if (pixel != values[index])
                throw new InvalidOperationException(
                    FormattableString.Invariant(
                        $"Column '{column.Name}' has the value {values[index]} in row {position}, but the model takes whole "
                    ) + "numbers from 0 to 255. Export it with pixels as floats."
                );
            destination[index] = pixel;
        }
    }

    static Action<int> ImageReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer, ImagePixels pixels)
    {
        var getter = row.GetGetter<MLImage>(column);
        MLImage? image = null;
        return slot =>
        {
            // The getter disposes of the image that it returned before.
            getter(ref image!);
            if (image is null)
                throw new InvalidOperationException(
                    $"Column '{column.Name}' has no image in row {row.Position}. Leave out rows without one."
                );
            pixels.Copy(image, Row(buffer, rows, slot), $"Column '{column.Name}' in row {row.Position}");
        };
    }

    static Span<byte> Row(byte[] buffer, OnnxRows rows, int slot) => buffer.AsSpan(slot * rows.ByteLength, rows.ByteLength);

    static void CheckLength(int actual, int expected, DataViewSchema.Column column, long position)
    {
        if (actual != expected)
            throw new InvalidOperationException(
                $"Column '{column.Name}' has {actual} values in row {position}, but its type promises {expected}."
            );
    }
}
