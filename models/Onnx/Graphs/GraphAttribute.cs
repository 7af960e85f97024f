using Google.Protobuf;
using NoisyNN.Transforms.Onnx;
using AttributeType = NoisyNN.Transforms.Onnx.AttributeProto.Types.AttributeType;

namespace NoisyNN.Models.Onnx.Graphs;

#pragma warning disable CA1711 // It is not a .NET attribute; the name comes from ONNX.
/// <summary>An attribute of a node, such as the strides of a convolution.</summary>
public sealed class GraphAttribute
#pragma warning restore CA1711
{
    GraphAttribute(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }

    /// <summary>A whole number.</summary>
    public static GraphAttribute Of(string name, long value) =>
        new(
            new()
            {
                Name = name,
                Type = AttributeType.Int,
                I = value,
            }
        );

    /// <summary>A number in single precision.</summary>
    public static GraphAttribute Of(string name, float value) =>
        new(
            new()
            {
                Name = name,
                Type = AttributeType.Float,
                F = value,
            }
        );

    /// <summary>A text.</summary>
    public static GraphAttribute Of(string name, string value) =>
        new(
            new()
            {
                Name = name,
                Type = AttributeType.String,
                S = ByteString.CopyFromUtf8(value),
            }
        );

    /// <summary>A list of whole numbers.</summary>
    public static GraphAttribute Of(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(values);
        return new(attribute);
    }
}
