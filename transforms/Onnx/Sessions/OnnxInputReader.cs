using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>
/// Reads columns of bytes, doubles and images into a model's input buffer, and floats into one of halves, doubles or bytes.
/// </summary>
static class OnnxInputReader
{
    public static Action<int> Create(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer, OnnxModel model) =>
        column.Type switch
        {
            ImageDataViewType image => ImageReader(row, column, rows, buffer, new ImagePixels(rows, image, model)),
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
            _ when rows.ElementType == TensorElementType.UInt8 => PlanarReader(row, column, rows, buffer),
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
    /// Planar pixels, [C, H, W], as interleaved bytes. Values that are not integers from 0 to 255 are rejected, not rounded.
    /// </summary>
    static Action<int> PlanarReader(DataViewRow row, DataViewSchema.Column column, OnnxRows rows, byte[] buffer)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        var value = default(VBuffer<float>);
        var floats = new float[rows.Length];
        var (area, channels) = (rows.Dimensions[0] * rows.Dimensions[1], rows.Dimensions[2]);
        return slot =>
        {
            getter(ref value);
            CheckLength(value.Length, rows.Length, column, row.Position);
            value.CopyTo(floats);
            var bytes = Row(buffer, rows, slot);
            for (var index = 0; index < floats.Length; index++)
            {
                var pixel = (byte)Math.Clamp(floats[index], 0, 255);
                if (pixel != floats[index])
                    throw new InvalidOperationException(
                        FormattableString.Invariant(
                            $"Column '{column.Name}' has the value {floats[index]} in row {row.Position}, but the model takes whole numbers from 0 to 255. Export it with pixels as floats."
                        )
                    );
                bytes[index % area * channels + index / area] = pixel;
            }
        };
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
