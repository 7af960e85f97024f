using TorchSharp.Modules;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors to numbers, to parameters, and to files.</summary>
public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();
    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();
    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();
    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>The bytes of one element.</summary>
    public static int ElementSize(this ScalarType type) => ElementWidth(type);

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    // ---- one tensor in a file: its type, its rank, its sizes (LEB128), its bytes

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        writer.Write7BitEncodedInt64((long)plain.dtype);
        writer.Write7BitEncodedInt64(plain.ndim);
        foreach (var size in plain.shape) writer.Write7BitEncodedInt64(size);
        writer.Flush();
        plain.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Fills a tensor with what <see cref="Save(Tensor, BinaryWriter)"/> wrote.</summary>
    /// <exception cref="ArgumentException">The type or the sizes in the file are not the tensor's.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, sizes) = ReadHeader(reader);
        if (!skip && type != tensor.dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading: the tensor's elements are {tensor.dtype}, the file's {type}.");
        if (!skip && !sizes.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"Mismatched tensor shape while loading: the tensor is [{string.Join('x', tensor.shape)}], the file's [{string.Join('x', sizes)}].");
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var read = ReadBody(reader, type, sizes);
        if (!skip) tensor.copy_(read);
    }

    /// <summary>A new tensor from what <see cref="Save(Tensor, BinaryWriter)"/> wrote.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, sizes) = ReadHeader(reader);
        return ReadBody(reader, type, sizes);
    }

    private static (ScalarType type, long[] sizes) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt64();
        if (!Enum.IsDefined(type)) throw new InvalidDataException($"The file names element type {(int)type}, which there is not: it is damaged, or no tensor file.");
        var rank = reader.Read7BitEncodedInt64();
        if (rank is < 0 or > 64) throw new InvalidDataException($"The file names {rank} dimensions: it is damaged, or no tensor file.");
        var sizes = new long[rank];
        for (var d = 0; d < sizes.Length; d++)
        {
            sizes[d] = reader.Read7BitEncodedInt64();
            if (sizes[d] < 0) throw new InvalidDataException($"The file names size {sizes[d]} for dimension {d}: it is damaged, or no tensor file.");
        }
        return (type, sizes);
    }

    private static Tensor ReadBody(BinaryReader reader, ScalarType type, long[] sizes)
    {
        var read = Aten.empty_memory_format.Call(sizes, type, Argument.None, CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        return read;
    }
}
