using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>The element types of tensors that columns can feed or come from.</summary>
static class OnnxElement
{
    /// <summary>Bytes per value; 0 for types that no column has.</summary>
    public static int Size(TensorElementType type) =>
        type switch
        {
            TensorElementType.Double => sizeof(double),
            TensorElementType.Float => sizeof(float),
            TensorElementType.Float16 => sizeof(ushort),
            TensorElementType.UInt8 => sizeof(byte),
            _ => 0,
        };

    /// <summary>Whether rows can be fed as this type.</summary>
    public static bool IsInput(TensorElementType type) => Size(type) > 0;

    /// <summary>Whether it can become a column of <c>Vector&lt;Single&gt;</c>.</summary>
    public static bool IsOutput(TensorElementType type) =>
        type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.Double;

    /// <summary>Values of an output as floats. Doubles are rounded to the nearest one.</summary>
    public static void CopyTo(ReadOnlySpan<byte> values, TensorElementType type, Span<float> floats)
    {
        switch (type)
        {
            case TensorElementType.Float:
                MemoryMarshal.Cast<byte, float>(values).CopyTo(floats);
                break;
            case TensorElementType.Double:
                var doubles = MemoryMarshal.Cast<byte, double>(values);
                for (var index = 0; index < doubles.Length; index++)
                    floats[index] = (float)doubles[index];
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, Half>(values);
                for (var index = 0; index < halves.Length; index++)
                    floats[index] = (float)halves[index];
                break;
        }
    }

    /// <summary>Floats as values of an input.</summary>
    public static void CopyTo(ReadOnlySpan<float> floats, Span<byte> values, TensorElementType type)
    {
        switch (type)
        {
            case TensorElementType.Float:
                floats.CopyTo(MemoryMarshal.Cast<byte, float>(values));
                break;
            case TensorElementType.Double:
                var doubles = MemoryMarshal.Cast<byte, double>(values);
                for (var index = 0; index < floats.Length; index++)
                    doubles[index] = floats[index];
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, Half>(values);
                for (var index = 0; index < floats.Length; index++)
                    halves[index] = (Half)floats[index];
                break;
        }
    }
}
