using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>The rows of a model's input or output.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="ElementType">The type of its values.</param>
/// <param name="Dimensions">The shape of one row, without the batch.</param>
/// <param name="FixedBatch">The number of rows that the model requires; null if it takes any.</param>
sealed record OnnxRows(string Name, TensorElementType ElementType, int[] Dimensions, int? FixedBatch)
{
    /// <summary>Values per row.</summary>
    public int Length { get; } = Size(Dimensions);

    public int ByteLength => checked(Length * OnnxElement.Size(ElementType));

    /// <summary>The first rows of the memory as a tensor. The memory must outlive it.</summary>
    public OrtValue Tensor(TensorMemory memory, int count)
    {
        var byteLength = (long)count * ByteLength;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteLength, memory.Length);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, ElementType, ShapeOf(count), memory.Address, byteLength);
    }

    public static int Size(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (size, length) => checked(size * length));

    public long[] ShapeOf(int rowCount) => [rowCount, .. Dimensions.Select(length => (long)length)];
}
