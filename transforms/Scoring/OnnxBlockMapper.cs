using Microsoft.ML;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Scoring;

/// <summary>One ONNX model bound to the type of one column: blocks of rows in, the output's rows out.</summary>
internal sealed class OnnxBlockMapper(
    OnnxModel model, string inputColumnName, OnnxRows input, OnnxRows output, int blockSize, IReadOnlyList<DataViewSchema.DetachedColumn> columns) : IBlockMapper
{
    public string InputColumnName => inputColumnName;

    public int BlockSize => blockSize;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => columns;

    public IBlock CreateBlock(int inputLength, int blockSize) => new OnnxBlock(model, input, output, blockSize);
}

/// <summary>The rows of a model's input or output.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Dimensions">The shape of one row, without the batch.</param>
/// <param name="FixedBatch">The number of rows that the model insists on; null if it takes any.</param>
internal sealed record OnnxRows(string Name, int[] Dimensions, int? FixedBatch)
{
    /// <summary>Values per row.</summary>
    public int Length { get; } = OnnxRowShape.Size(Dimensions);

    public long[] ShapeOf(int rowCount) => [rowCount, .. Dimensions.Select(length => (long)length)];
}
