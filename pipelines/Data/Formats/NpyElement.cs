using System.Buffers.Binary;

namespace NoisyNN.Pipelines.Data;

/// <summary>How one value lies in a <c>.npy</c> file.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="IsWhole">Whether it is a whole number or a truth value.</param>
/// <param name="Read">Its value.</param>
/// <param name="IsSigned">Whether it may be below zero.</param>
sealed record NpyElement(int Size, bool IsWhole, NpyElement.Reading Read, bool IsSigned = true)
{
    public delegate double Reading(ReadOnlySpan<byte> bytes);

    /// <summary>The type of this name in a header.</summary>
    /// <exception cref="InvalidDataException">It is not read; the message has the remedy.</exception>
    public static NpyElement Of(string path, string type) => type.TrimStart('<', '|', '=') switch
    {
        _ when type.StartsWith('>') => throw new InvalidDataException($"{path} holds big-endian values ({type}); save it with .astype('<f8')."),
        "f2" => new(2, false, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
        "f4" => new(4, false, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        "f8" => new(8, false, BinaryPrimitives.ReadDoubleLittleEndian),
        "i1" => new(1, true, bytes => (sbyte)bytes[0]),
        "i2" => new(2, true, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        "i4" => new(4, true, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        "i8" => new(8, true, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
        "u1" or "b1" => new(1, true, bytes => bytes[0], IsSigned: false),
        "u2" => new(2, true, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes), IsSigned: false),
        "u4" => new(4, true, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes), IsSigned: false),
        "u8" => new(8, true, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes), IsSigned: false),
        "O" => throw new InvalidDataException($"{path} holds Python objects, which are not read; save numbers with .astype('<f8')."),
        _ => throw new InvalidDataException($"{path} holds values of type '{type}'; floating-point numbers, whole numbers and truth values are read."),
    };
}
