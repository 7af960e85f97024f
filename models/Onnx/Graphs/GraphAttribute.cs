using Google.Protobuf;
using NoisyNN.Transforms.Onnx;
using AttributeType = NoisyNN.Transforms.Onnx.AttributeProto.Types.AttributeType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>Attributes of nodes.</summary>
static class GraphAttribute
{
    public static AttributeProto Of(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeType.Int,
            I = value,
        };

    public static AttributeProto Of(string name, float value) =>
        new()
        {
            Name = name,
            Type = AttributeType.Float,
            F = value,
        };

    public static AttributeProto Of(string name, string value) =>
        new()
        {
            Name = name,
            Type = AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        };

    public static AttributeProto Of(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
