using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>Cells in files: text as such, everything else as the bytes that it has in memory.</summary>
internal static class PrimitiveCodec<T>
{
    public static void Write(BinaryWriter writer, T value)
    {
        if (value is ReadOnlyMemory<char> text)
            writer.Write(text.ToString());
        else
            writer.Write(BytesOf(ref value));
    }

    public static T Read(BinaryReader reader)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (T)(object)reader.ReadString().AsMemory();
        T value = default;
        var bytes = BytesOf(ref value);
        if (reader.Read(bytes) != bytes.Length)
            throw new EndOfStreamException("The file ends in the middle of a value.");
        return value;
    }

    private static Span<byte> BytesOf(ref T value) => RuntimeHelpers.IsReferenceOrContainsReferences<T>()
        ? throw new NotSupportedException($"Values of type {typeof(T)} cannot be written to a file.")
        : MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());
}
