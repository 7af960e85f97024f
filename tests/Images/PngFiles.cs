using System.Buffers.Binary;
using System.IO.Compression;

namespace NoisyNN.Tests.Images;

/// <summary>PNG files by the chunk.</summary>
static class PngFiles
{
    /// <summary>A file of raw scan lines, each with its filter byte.</summary>
    public static byte[] Write(
        int width,
        int height,
        byte bitDepth,
        byte colourType,
        ReadOnlySpan<byte> lines,
        params IEnumerable<byte[]> chunksBeforeData
    )
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colourType);
        return
        [
            0x89,
            (byte)'P',
            (byte)'N',
            (byte)'G',
            0x0D,
            0x0A,
            0x1A,
            0x0A,
            .. Chunk("IHDR", header),
            .. chunksBeforeData.SelectMany(chunk => chunk),
            .. Chunk("IDAT", Compress(lines)),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>A chunk with its length and checksum.</summary>
    public static byte[] Chunk(string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        for (var i = 0; i < 4; i++)
            chunk[4 + i] = (byte)type[i];
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Checksum(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(bytes);
        return compressed.ToArray();
    }

    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var value in bytes)
        {
            remainder ^= value;
            for (var bit = 0; bit < 8; bit++)
                remainder = (remainder & 1) != 0 ? 0xEDB88320 ^ (remainder >> 1) : remainder >> 1;
        }
        return ~remainder;
    }
}
