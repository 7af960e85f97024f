using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>
/// Checks a GIF file (GIF89a specification) up to its trailer. It counts the pixels of the first frame's codes, because decoders omit
/// missing pixels without an error.
/// </summary>
sealed class GifWalk
{
    const byte Extension = 0x21,
        ImageDescriptor = 0x2C,
        Trailer = 0x3B;
    const int LongestCode = 12;

    /// <summary>The number of pixels of each code (appendix F, LZW).</summary>
    readonly int[] _lengths = new int[1 << LongestCode];

    public static bool IsGif(ReadOnlySpan<byte> file) => file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    /// <summary>Checks a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="notes">Receives the notes on unusual features.</param>
    /// <returns>The reason for a refusal; null if the first frame is complete and the file is not cut.</returns>
    public ImageRefusal? Read(ReadOnlySpan<byte> file, ref ImageNotes notes)
    {
        if (file.Length < 13)
            return Truncated();
        var (canvasWidth, canvasHeight) = (
            BinaryPrimitives.ReadUInt16LittleEndian(file[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(file[8..])
        );
        var position = 13 + ColourTableLength(file[10]);
        for (var frameCount = 0; ; )
        {
            if (position >= file.Length)
                return Truncated();
            switch (file[position++])
            {
                case Extension:
                    if (!SkipBlocks(file, ref position, skipped: 1))
                        return Truncated();
                    break;
                case ImageDescriptor:
                    if (file.Length - position < 9)
                        return Truncated();
                    var frame = file.Slice(position, 9);
                    position += 9 + ColourTableLength(frame[8]);
                    if (++frameCount == 1 && ReadFrame(file, position, frame) is { } refusal)
                        return refusal;
                    if (frameCount == 1 && !Covers(frame, canvasWidth, canvasHeight))
                        notes |= ImageNotes.PartialFrame;
                    if (frameCount == 2)
                        notes |= ImageNotes.Animation;
                    if (!SkipBlocks(file, ref position, skipped: 1))
                        return Truncated();
                    break;
                case Trailer when frameCount > 0:
                    return null;
                case Trailer:
                    return new(ImageRefusalKind.Damaged, "the GIF file ends before an image");
                default:
                    // After a complete frame it does not matter.
                    return frameCount > 0 ? null : new(ImageRefusalKind.Damaged, $"the GIF file is damaged at byte {position - 1}");
            }
        }
    }

    static int ColourTableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    static bool Covers(ReadOnlySpan<byte> frame, int width, int height) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame) == 0
        && BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]) == 0
        && BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]) >= width
        && BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) >= height;

    /// <summary>Skips bytes and the data sub-blocks after them.</summary>
    static bool SkipBlocks(ReadOnlySpan<byte> file, ref int position, int skipped)
    {
        position += skipped;
        while (position < file.Length && file[position] != 0)
            position += 1 + file[position];
        return position++ < file.Length;
    }

    ImageRefusal? ReadFrame(ReadOnlySpan<byte> file, int position, ReadOnlySpan<byte> frame)
    {
        var pixelCount = (long)BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]) * BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]);
        if (position >= file.Length)
            return Truncated();
        if (file[position] is < 1 or > 11)
            return new(ImageRefusalKind.Damaged, $"the GIF file is damaged at byte {position} (code size)");
        var counted = CountPixels(file, position + 1, file[position], pixelCount);
        return counted >= pixelCount ? null
            : counted < 0
                ? new(ImageRefusalKind.Damaged, $"the GIF file is damaged: its first frame has an invalid code after pixel {~counted}")
            : new(ImageRefusalKind.Truncated, $"the GIF file is truncated: its first frame ends at pixel {counted} of {pixelCount}");
    }

    /// <summary>
    /// The number of pixels of the codes, up to the wanted number. If a code is invalid, the bitwise complement of the number before it.
    /// </summary>
    long CountPixels(ReadOnlySpan<byte> file, int position, int minimumSize, long wanted)
    {
        var (clear, end) = (1 << minimumSize, (1 << minimumSize) + 1);
        _lengths.AsSpan(0, clear).Fill(1);
        var (size, next, previous) = (minimumSize + 1, end + 1, -1);
        var (bits, bitCount, left, counted) = (0u, 0, 0, 0L);
        while (counted < wanted)
        {
            while (bitCount < size)
            {
                if (left == 0)
                {
                    left = position < file.Length ? file[position++] : 0;
                    if (left == 0)
                        return counted;
                }
                if (position >= file.Length)
                    return counted;
                bits |= (uint)file[position++] << bitCount;
                (bitCount, left) = (bitCount + 8, left - 1);
            }
            var code = (int)(bits & (1u << size) - 1);
            (bits, bitCount) = (bits >> size, bitCount - size);
            if (code == end)
                return counted;
            if (code == clear)
            {
                (size, next, previous) = (minimumSize + 1, end + 1, -1);
                continue;
            }
            if (code > next || code >= clear && previous < 0 || code == next && next >= _lengths.Length)
                return ~counted;
            if (previous >= 0 && next < _lengths.Length)
            {
                _lengths[next] = _lengths[previous] + 1;
                next++;
                if (next == 1 << size && size < LongestCode)
                    size++;
            }
            counted += _lengths[code];
            previous = code;
        }
        return counted;
    }

    static ImageRefusal Truncated() => new(ImageRefusalKind.Truncated, "the GIF file is truncated");
}
