using System.Runtime.InteropServices;
using Google.Protobuf;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx.Quantization;

/// <summary>
/// A trained matrix [K, N] in eight bits. Each column has its own scale, so a column of small weights keeps its precision.
/// </summary>
/// <param name="Values">The integers, -127 to 127, int8 [K, N].</param>
/// <param name="Scales">The factors of the columns, float [N].</param>
/// <param name="ZeroPoints">Zeros, int8 [N], because the range of the weights is symmetric.</param>
sealed record QuantizedMatrix(TensorProto Values, TensorProto Scales, TensorProto ZeroPoints)
{
    /// <summary>The matrix in an initialiser; null if it is not a matrix, or too small to be worth it.</summary>
    public static QuantizedMatrix? From(TensorProto weight, long minimumSize)
    {
        if (
            weight.Dims.Count != 2
            || weight.DataType != (int)DataType.Float
            || weight.DataLocation != TensorProto.Types.DataLocation.Default
            || weight.Dims[0] * weight.Dims[1] < minimumSize
            || weight.RawData.Length != weight.Dims[0] * weight.Dims[1] * sizeof(float)
        )
            return null;

        var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var floats = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        var scales = new float[columns];
        for (var index = 0; index < floats.Length; index++)
            scales[index % columns] = Math.Max(scales[index % columns], Math.Abs(floats[index]));
        for (var column = 0; column < columns; column++)
        {
            if (!float.IsFinite(scales[column]))
                return null;
            scales[column] = scales[column] > 0 ? scales[column] / 127 : 1;
        }

        var values = new sbyte[floats.Length];
        for (var index = 0; index < floats.Length; index++)
            values[index] = (sbyte)Math.Clamp(MathF.Round(floats[index] / scales[index % columns]), -127, 127);
        return new(
            Tensor($"{weight.Name}/int8", DataType.Int8, MemoryMarshal.AsBytes<sbyte>(values), rows, columns),
            Tensor($"{weight.Name}/scale", DataType.Float, MemoryMarshal.AsBytes<float>(scales), columns),
            Tensor($"{weight.Name}/zero_point", DataType.Int8, new byte[columns], columns)
        );
    }

    public static TensorProto Tensor(string name, DataType type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(bytes),
        };
        tensor.Dims.Add(shape);
        return tensor;
    }
}
