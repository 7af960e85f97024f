using System.Buffers.Binary;

namespace NoisyNN.Pipelines.Data;

/// <summary>Walks the chunks of a PNG file (ISO/IEC 15948, section 5): sizes, order and the checksums of all that an image needs.</summary>
static class PngStructure
{
    const uint HeaderChunk = 0x49484452, DataChunk = 0x49444154, EndChunk = 0x49454E44;

    static readonly uint[] s_remainders = ComputeRemainders();

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var header = default(ImageHeader);
        var hasData = false;
        for (var position = Signature.Length; ;)
        {
            if (file.Length - position < 12)
                throw new InvalidDataException("the PNG file is truncated");
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            var type = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]);
            if (length > file.Length - position - 12)
                throw new InvalidDataException("the PNG file is truncated");
            var typeAndContent = file.Slice(position + 4, 4 + (int)length);

            if (position == Signature.Length)
            {
                if (type != HeaderChunk || length != 13)
                    throw new InvalidDataException("the PNG file does not begin with its header");
                header = new ImageHeader(
                    BinaryPrimitives.ReadInt32BigEndian(typeAndContent[4..]), BinaryPrimitives.ReadInt32BigEndian(typeAndContent[8..]), Orientation: 1);
            }
            // An upper-case first letter marks what no decoder may pass over.
            var isCritical = (type & 0x20000000) == 0;
            if (isCritical && Checksum(typeAndContent) != BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]))
                throw new InvalidDataException($"the PNG file is damaged at byte {position} (checksum)");

            hasData |= type == DataChunk;
            if (type == EndChunk)
                return hasData ? header : throw new InvalidDataException("the PNG file holds no image data");
            position += 12 + (int)length;
        }
    }

    /// <summary>The smallest PNG file around compressed scan lines of 8 bits per channel.</summary>
    public static byte[] Write(int width, int height, byte colourType, ReadOnlySpan<byte> compressedLines)
    {
        var file = new List<byte>(compressedLines.Length + 64);
        file.AddRange(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, colourType);
        WriteChunk(HeaderChunk, header);
        WriteChunk(DataChunk, compressedLines);
        WriteChunk(EndChunk, []);
        return [.. file];

        void WriteChunk(uint type, ReadOnlySpan<byte> content)
        {
            var chunk = new byte[12 + content.Length];
            BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), type);
            content.CopyTo(chunk.AsSpan(8));
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Checksum(chunk.AsSpan(4, 4 + content.Length)));
            file.AddRange(chunk);
        }
    }

    /// <summary>CRC-32 as PNG uses it (annex D).</summary>
    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var value in bytes)
            remainder = s_remainders[(byte)(remainder ^ value)] ^ (remainder >> 8);
        return ~remainder;
    }

    static uint[] ComputeRemainders()
    {
        var remainders = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
                remainder = (remainder & 1) != 0 ? 0xEDB88320 ^ (remainder >> 1) : remainder >> 1;
            remainders[i] = remainder;
        }
        return remainders;
    }
}
