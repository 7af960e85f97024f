using System.Runtime.InteropServices;
using NoisyNN.Transforms.Text;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Refuses models that would exhaust memory or stack while they are loaded. These claim sizes that the file does not have, or expand to
/// huge tensors or endless calls. Operators of unknown domains are refused too. The files of an honest exporter pass.
/// </summary>
static class ModelLimits
{
    // The most values of a tensor that a few bytes of a file may expand to; 1 GiB of floats.
    const long MostUnfoldedValues = 1L << 28;

    static readonly HashSet<string> s_knownDomains =
    [
        "",
        "ai.onnx",
        "ai.onnx.ml",
        "ai.onnx.training",
        "ai.onnx.preview.training",
        "com.microsoft",
        "com.microsoft.nchwc",
        "com.microsoft.experimental",
        "com.ms.internal.nhwc",
    ];

    /// <exception cref="InvalidDataException">The model goes beyond a limit; the message says which.</exception>
    public static void ThrowIfExceeded(ModelProto model, string path)
    {
        var fileLength = new FileInfo(path).Length;
        var problem = Domain(model) ?? Shapes(model) ?? Tensors(model, fileLength) ?? Unfolding(model) ?? FunctionCalls.Problem(model);
        if (problem is not null)
            throw new InvalidDataException($"The ONNX file '{path}' was refused: {problem}.");
    }

    static string? Domain(ModelProto model)
    {
        var own = model.Functions.Select(function => function.Domain).ToHashSet();
        var stranger = model
            .OpsetImport.Select(set => set.Domain)
            .Concat(OnnxNodes.All(model).Select(node => node.Domain))
            .FirstOrDefault(domain => !s_knownDomains.Contains(domain) && !own.Contains(domain));
        return stranger is null ? null : $"it needs operators of the unknown domain '{Printable.Of(stranger)}'";
    }

    static string? Shapes(ModelProto model)
    {
        foreach (var value in model.Graph.Input.Concat(model.Graph.Output).Concat(model.Graph.ValueInfo))
        {
            var dimensions =
                value
                    .Type?.TensorType?.Shape?.Dim.Where(dimension =>
                        dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue
                    )
                    .Select(dimension => dimension.DimValue)
                    .ToList()
                ?? [];
            if (dimensions.Any(length => length is < -1 or > int.MaxValue))
                return $"'{Printable.Of(value.Name)}' has the impossible shape [{string.Join(", ", dimensions)}]";
        }
        return null;
    }

    static string? Tensors(ModelProto model, long fileLength)
    {
        foreach (var tensor in OnnxTensors.All(model))
        {
            if (Count(tensor.Dims) is not { } count)
                return $"its tensor '{Printable.Of(tensor.Name)}' has the impossible shape [{string.Join(", ", tensor.Dims)}]";
            if (ExternalData.IsExternal(tensor))
                continue;
            var size = ElementSize(tensor);
            if (
                tensor.RawData.Length > 0 && size > 0
                    ? count != tensor.RawData.Length / size || tensor.RawData.Length % size != 0
                    : count > 2 * fileLength
            )
                return $"its tensor '{Printable.Of(tensor.Name)}' of shape "
                    + $"[{string.Join(", ", tensor.Dims)}] does not have that many values";
        }
        return null;
    }

    /// <summary>
    /// Operators that make tensors of any size from a shape. If the shape is constant, ONNX Runtime runs them while it loads a model.
    /// </summary>
    static string? Unfolding(ModelProto model)
    {
        // Nested graphs may reuse a name for constants of their own, so all of them are checked.
        var constants = OnnxTensors
            .All(model)
            .Where(tensor => tensor.DataType == (int)DataType.Int64)
            .Select(tensor => (tensor.Name, Values: Values(tensor)))
            .Concat(
                OnnxNodes
                    .All(model)
                    .Where(node => node.OpType == "Constant" && node.Output.Count == 1)
                    .SelectMany(node =>
                        node.Attribute.Where(attribute => attribute.T is { DataType: (int)DataType.Int64 } || attribute.Ints.Count > 0)
                            .Select(attribute =>
                                (Name: node.Output[0], Values: attribute.T is { } tensor ? Values(tensor) : [.. attribute.Ints])
                            )
                    )
            )
            .ToLookup(constant => constant.Name, constant => constant.Values);
        foreach (var node in OnnxNodes.All(model))
        {
            var shapes = node.OpType switch
            {
                "ConstantOfShape" when node.Input.Count > 0 => constants[node.Input[0]],
                "Expand" or "Tile" when node.Input.Count > 1 => constants[node.Input[1]],
                "RandomNormal" or "RandomUniform" => node
                    .Attribute.Where(attribute => attribute.Name == "shape")
                    .Select(attribute => attribute.Ints.ToArray()),
                _ => [],
            };
            foreach (var shape in shapes)
            {
                if (shape is null)
                    return $"its node '{Printable.Of(node.Name)}' ({Printable.Of(node.OpType)}) takes the "
                        + "shape of a tensor from another file; keep weights alone there";
                if (Count(shape) is var count && count is null or > MostUnfoldedValues)
                    return $"its node '{Printable.Of(node.Name)}' ({Printable.Of(node.OpType)}) makes a tensor of "
                        + $"{count?.ToString("N0", null) ?? "countless"} values out of nothing";
            }
        }
        return null;

        // The format has two places for the values. Null means a third place: another file.
        static long[]? Values(TensorProto tensor) =>
            ExternalData.IsExternal(tensor) ? null
            : tensor.RawData.Length == 0 ? [.. tensor.Int64Data]
            : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span[..(tensor.RawData.Length / sizeof(long) * sizeof(long))]).ToArray();
    }

    /// <summary>Values in a tensor of this shape; null if a length is negative or there are more than can be counted.</summary>
    internal static long? Count(IEnumerable<long> dimensions)
    {
        var count = 1L;
        var isEmpty = false;
        foreach (var length in dimensions)
        {
            if (length < 0)
                return null;
            if (length == 0)
                isEmpty = true;
            else if (count > long.MaxValue / 16 / length)
                return null;
            else
                count *= length;
        }
        return isEmpty ? 0 : count;
    }

    /// <summary>Bytes per value; 0 for text and types of less than a byte.</summary>
    internal static int ElementSize(TensorProto tensor) =>
        (DataType)tensor.DataType switch
        {
            DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
            DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 2,
            DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
            DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 8,
            DataType.Complex128 => 16,
            _ => 0,
        };
}
