using System.Buffers.Binary;
using System.IO.Compression;

namespace NoisyNN.Tests.Compat.MicrosoftML;

/// <summary>Writes PNG files of 2 x 1 pixels in any colour type, so that the tests carry no binary files.</summary>
internal static class TinyPng
{
    /// <param name="bits">Bits for each channel.</param>
    /// <param name="colorType">0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.</param>
    /// <param name="row">The filter byte 0 and the row's bytes.</param>
    /// <param name="palette">Red, green and blue of each entry.</param>
    public static string Of(byte bits, byte colorType, byte[] row, byte[]? palette = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR", [0, 0, 0, 2, 0, 0, 0, 1, bits, colorType, 0, 0, 0]);
        if (palette is not null)
            Chunk(file, "PLTE", palette);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(row);
        Chunk(file, "IDAT", compressed.ToArray());
        Chunk(file, "IEND", []);
        return Convert.ToBase64String(file.ToArray());
    }

    private static void Chunk(MemoryStream file, string type, byte[] content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. type.Select(c => (byte)c), .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
        }
        return ~crc;
    }
}
