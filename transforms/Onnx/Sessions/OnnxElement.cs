using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>The element types of tensors that columns can feed or come from.</summary>
static class OnnxElement
{
    /// <summary>Bytes per value; 0 for types that no column has.</summary>
    public static int Size(TensorElementType type) =>
        type switch
        {
            TensorElementType.Float => sizeof(float),
            TensorElementType.Float16 => sizeof(ushort),
            TensorElementType.UInt8 => sizeof(byte),
            _ => 0,
        };

    /// <summary>Whether rows can be fed as this type.</summary>
    public static bool IsInput(TensorElementType type) => Size(type) > 0;

    /// <summary>Whether it can become a column of <c>Vector&lt;Single&gt;</c>.</summary>
    public static bool IsOutput(TensorElementType type) => type is TensorElementType.Float or TensorElementType.Float16;
}
