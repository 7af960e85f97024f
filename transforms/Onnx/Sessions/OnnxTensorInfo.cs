using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>An input or output of an ONNX model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">The type of its values.</param>
/// <param name="Dimensions">Its shape, the batch first; -1 where the model leaves a dimension open.</param>
/// <param name="Symbols">The names of the open dimensions ("N"), empty for fixed ones.</param>
sealed record OnnxTensorInfo(string Name, TensorElementType ElementType, IReadOnlyList<int> Dimensions, IReadOnlyList<string> Symbols)
{
    /// <summary>The tensor; null for sequences and maps, which cannot be columns.</summary>
    public static OnnxTensorInfo? From(string name, NodeMetadata metadata) =>
        metadata.IsTensor ? new(name, metadata.ElementDataType, metadata.Dimensions, metadata.SymbolicDimensions) : null;

    /// <summary>The batch size that the model requires; null if it takes any.</summary>
    public int? FixedBatch => Dimensions[0] < 0 ? null : Dimensions[0];

    /// <summary>The shape of one row.</summary>
    public int[] RowDimensions => [.. Dimensions.Skip(1)];

    /// <summary>The type of its values in words: "float".</summary>
    public string TypeName => ElementType.ToString().ToLowerInvariant();

    /// <summary>Its shape in words: the name of an open dimension, or "?" for one without.</summary>
    public IReadOnlyList<string> DimensionNames => [.. Dimensions.Select(Dimension)];

    public override string ToString() => $"'{Name}' ({TypeName} [{string.Join(", ", DimensionNames)}])";

    string Dimension(int length, int index) =>
        length >= 0 ? $"{length}"
        : index < Symbols.Count && Symbols[index].Length > 0 ? Symbols[index]
        : "?";
}
