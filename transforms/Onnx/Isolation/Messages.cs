using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>What the process of a model is asked to do.</summary>
enum ModelRequest : byte
{
    /// <summary>Set the limits. The first request; answered with whether the system enforces them.</summary>
    Limit,

    /// <summary>Load the model; answered with the signature.</summary>
    Load,

    /// <summary>Quantise a model; answered with the number of products.</summary>
    Quantize,

    /// <summary>Run some rows that the message brings; answered with the result.</summary>
    Evaluate,

    /// <summary>Prepare runs on shared memory.</summary>
    Open,

    /// <summary>Run rows that lie in shared memory.</summary>
    Run,

    /// <summary>Let go of the shared memory.</summary>
    Close,
}

/// <summary>How the two processes write what they exchange.</summary>
static class Messages
{
    const int AnyBatch = -1;

    public static void Write(this BinaryWriter writer, OnnxSignature signature)
    {
        WriteAll(writer, signature.Inputs, Write);
        WriteAll(writer, signature.Outputs, Write);
        WriteAll(writer, signature.OtherInputs, static (writer, name) => writer.Write(name));
        WriteAll(writer, signature.OtherOutputs, static (writer, name) => writer.Write(name));
        WriteAll(writer, [.. signature.Metadata], static (writer, entry) => writer.WritePair(entry));
    }

    public static OnnxSignature ReadSignature(this BinaryReader reader) =>
        new(
            ReadAll(reader, ReadTensor),
            ReadAll(reader, ReadTensor),
            ReadAll(reader, static reader => reader.ReadString()),
            ReadAll(reader, static reader => reader.ReadString()),
            ReadAll(reader, static reader => KeyValuePair.Create(reader.ReadString(), reader.ReadString())).ToDictionary()
        );

    public static void Write(this BinaryWriter writer, OnnxRows rows)
    {
        writer.Write(rows.Name);
        writer.Write((int)rows.ElementType);
        writer.Write(rows.Dimensions);
        writer.Write(rows.FixedBatch ?? AnyBatch);
    }

    public static OnnxRows ReadRows(this BinaryReader reader) =>
        new(
            reader.ReadString(),
            (TensorElementType)reader.ReadInt32(),
            reader.ReadLengths(),
            reader.ReadInt32() is var batch && batch == AnyBatch ? null : batch
        );

    public static void Write(this BinaryWriter writer, OnnxResult result)
    {
        writer.Write((int)result.ElementType);
        WriteAll(writer, result.Shape, static (writer, length) => writer.Write(length));
        writer.WriteBytes(result.Values);
    }

    public static void Write(this BinaryWriter writer, IReadOnlyList<int> lengths) =>
        WriteAll(writer, lengths, static (writer, length) => writer.Write(length));

    public static int[] ReadLengths(this BinaryReader reader) => ReadAll(reader, static reader => reader.ReadInt32());

    /// <exception cref="InvalidDataException">The shape and the number of values do not agree.</exception>
    public static OnnxResult ReadResult(this BinaryReader reader)
    {
        var result = new OnnxResult(
            (TensorElementType)reader.ReadInt32(),
            ReadAll(reader, static reader => reader.ReadInt64()),
            reader.ReadByteArray()
        );
        return
            OnnxElement.IsOutput(result.ElementType)
            && ModelLimits.Count(result.Shape) * OnnxElement.Size(result.ElementType) == result.Values.Length
            ? result
            : throw new InvalidDataException("The values of a result do not have its shape.");
    }

    public static void WriteBytes(this BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    public static byte[] ReadByteArray(this BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var bytes = count < 0 ? [] : reader.ReadBytes((int)Math.Min(count, reader.BaseStream.Length));
        return bytes.Length == count ? bytes : throw new EndOfStreamException("A message ends before its content.");
    }

    static void WritePair(this BinaryWriter writer, KeyValuePair<string, string> entry)
    {
        writer.Write(entry.Key);
        writer.Write(entry.Value);
    }

    static void Write(BinaryWriter writer, OnnxTensorInfo tensor)
    {
        writer.Write(tensor.Name);
        writer.Write((int)tensor.ElementType);
        writer.Write(tensor.Dimensions);
        WriteAll(writer, tensor.Symbols, static (writer, symbol) => writer.Write(symbol ?? ""));
    }

    static OnnxTensorInfo ReadTensor(BinaryReader reader) =>
        new(
            reader.ReadString(),
            (TensorElementType)reader.ReadInt32(),
            reader.ReadLengths(),
            ReadAll(reader, static reader => reader.ReadString())
        );

    static void WriteAll<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(writer, item);
    }

    /// <summary>Grows with what is there: the number alone, from a process that may be damaged, allocates nothing.</summary>
    static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new List<T>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            items.Add(read(reader));
        return [.. items];
    }
}
