using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>
/// Checks the chunks of a PNG file (ISO/IEC 15948, section 5) to its end, and reads what Skia does not report. Skia checks image data and
/// palette.
/// </summary>
static class PngFile
{
    const uint HeaderChunk = 0x49484452,
        DataChunk = 0x49444154,
        EndChunk = 0x49454E44;
    const uint TransparencyChunk = 0x74524E53,
        ExifChunk = 0x65584966,
        AnimationChunk = 0x6163544C;

    static readonly uint[] s_remainders = ComputeRemainders();

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Checks a file up to its end chunk. EXIF data may be anywhere between the first chunk and the last.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="orientation">The orientation as in EXIF; 1 if the file has none.</param>
    /// <param name="notes">Receives the notes on unusual features.</param>
    /// <returns>The reason for a refusal; null if the chunks are complete.</returns>
    public static ImageRefusal? Read(ReadOnlySpan<byte> file, out int orientation, ref ImageNotes notes)
    {
        orientation = 1;
        var hasData = false;
        for (var position = Signature.Length; ; )
        {
            if (file.Length - position < 12)
                return Truncated();
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            var type = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]);
            if (length > file.Length - position - 12)
                return Truncated();
            var content = file.Slice(position + 8, (int)length);
            if (position == Signature.Length && (type != HeaderChunk || length != 13))
                return new(ImageRefusalKind.Damaged, "the PNG file does not begin with its header");

            // If the checksum of such a chunk is wrong, decoders drop it silently. These chunks change the picture.
            var isNeeded = type is TransparencyChunk or ExifChunk or EndChunk;
            if (
                isNeeded
                && Checksum(file.Slice(position + 4, 4 + (int)length))
                    != BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..])
            )
                return new(ImageRefusalKind.Damaged, $"the PNG file is damaged at byte {position} (checksum)");
            switch (type)
            {
                case HeaderChunk when content[8] == 16:
                    notes |= ImageNotes.SixteenBits;
                    break;
                case AnimationChunk:
                    notes |= ImageNotes.Animation;
                    break;
                case ExifChunk:
                    orientation = ExifOrientation.Read(content);
                    break;
                case DataChunk:
                    hasData = true;
                    break;
                case EndChunk:
                    return hasData ? null : new(ImageRefusalKind.Damaged, "the PNG file holds no image data");
            }
            position += 12 + (int)length;
        }
    }

    /// <summary>The smallest PNG file around compressed scan lines of 8 bits a channel.</summary>
    public static byte[] Write(int width, int height, byte colourType, ReadOnlySpan<byte> compressedLines)
    {
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, colourType);
        return [.. Signature, .. Chunk(HeaderChunk, header), .. Chunk(DataChunk, compressedLines), .. Chunk(EndChunk, [])];
    }

    static byte[] Chunk(uint type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), type);
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Checksum(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    static ImageRefusal Truncated() => new(ImageRefusalKind.Truncated, "the PNG file is truncated");

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
