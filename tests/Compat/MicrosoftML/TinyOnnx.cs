using System.Text;

namespace NoisyNN.Tests.Compat.MicrosoftML;

/// <summary>Writes an ONNX file of one operator over float tensors, field by field of the public message definition.</summary>
internal static class TinyOnnx
{
    /// <summary>Y = X + X, for X of the given dimensions; a dimension that is no number is a name.</summary>
    public static byte[] Doubling(params string[] dimensions)
    {
        byte[] node = [.. Text(1, "X"), .. Text(1, "X"), .. Text(2, "Y"), .. Text(4, "Add")];
        byte[] graph = [.. Message(1, node), .. Text(2, "doubling"), .. Message(11, Tensor("X", dimensions)),
            .. Message(12, Tensor("Y", dimensions))];
        return [.. Number(1, 8), .. Message(7, graph), .. Message(8, Number(2, 17))];
    }

    private static byte[] Tensor(string name, string[] dimensions)
    {
        byte[] shape = [.. dimensions.SelectMany(d => Message(1, int.TryParse(d, out var value) ? Number(1, value) : Text(2, d)))];
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, 1), .. Message(2, shape)]))];
    }

    private static byte[] Number(int field, int value) => [(byte)(field << 3), (byte)value];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    // Everything here is shorter than 128 bytes but the graph, so lengths take up to two bytes.
    private static byte[] Message(int field, byte[] content) => content.Length < 128
        ? [(byte)(field << 3 | 2), (byte)content.Length, .. content]
        : [(byte)(field << 3 | 2), (byte)(content.Length & 127 | 128), (byte)(content.Length >> 7), .. content];
}
