using System.Buffers.Binary;
using System.Text;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>Messages on a pipe: four bytes with the length, then the content.</summary>
static class Frame
{
    // Tensors of a batch go through shared memory; only the few rows of a trial are in messages.
    const int MostBytes = 1 << 28;

    /// <summary>Writes a message with one call, so that it is not torn apart.</summary>
    public static void Write(Stream stream, Action<BinaryWriter> content)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(0);
        content(writer);
        writer.Flush();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetBuffer(), (int)bytes.Length - sizeof(int));
        stream.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
        stream.Flush();
    }

    /// <summary>The next message; null if the other side has ended.</summary>
    /// <exception cref="InvalidDataException">The other side does not write messages.</exception>
    public static BinaryReader? Read(Stream stream)
    {
        var length = new byte[sizeof(int)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return null;
        var count = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (count is < 0 or > MostBytes)
            throw new InvalidDataException($"A message of {count} bytes is none.");
        var content = new byte[count];
        return stream.ReadAtLeast(content, count, throwOnEndOfStream: false) < count ? null : new(new MemoryStream(content), Encoding.UTF8);
    }
}
