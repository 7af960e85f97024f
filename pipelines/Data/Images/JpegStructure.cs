using System.Buffers.Binary;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Walks the segments of a JPEG file (ITU-T T.81, annex B) to its end marker: frame size, EXIF orientation (CIPA DC-008, tag 0x0112), and whether all is there.
/// </summary>
static class JpegStructure
{
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var header = new ImageHeader(0, 0, Orientation: 1);
        var hasScan = false;
        for (var position = 2; ;)
        {
            var marker = NextMarker(file, ref position);
            if (marker == 0xD9)
                return hasScan && header.Width > 0 ? header : throw new InvalidDataException("the JPEG file ends before an image");
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;

            if (file.Length - position < 2)
                throw Truncated();
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
            if (length < 2)
                throw new InvalidDataException($"the JPEG file is damaged at byte {position} (segment length)");
            if (length > file.Length - position)
                throw Truncated();
            var segment = file.Slice(position + 2, length - 2);
            position += length;

            if (IsFrame(marker))
            {
                if (segment.Length < 6)
                    throw new InvalidDataException("the JPEG file's frame header is too short");
                header = header with
                {
                    Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
                    Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
                };
                if (header.Height == 0 || header.Width == 0)
                    throw new InvalidDataException($"the JPEG file's header claims {header.Width} x {header.Height} pixels");
            }
            else if (marker == 0xE1 && header.Orientation == 1)
            {
                header = header with { Orientation = ReadOrientation(segment) };
            }
            else if (marker == 0xDA)
            {
                hasScan = true;
                SkipScan(file, ref position);
            }
        }
    }

    static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    static byte NextMarker(ReadOnlySpan<byte> file, ref int position)
    {
        if (position >= file.Length)
            throw Truncated();
        if (file[position] != 0xFF)
            throw new InvalidDataException($"the JPEG file is damaged at byte {position} (no marker)");
        while (position < file.Length && file[position] == 0xFF)
            position++;
        return position < file.Length ? file[position++] : throw Truncated();
    }

    /// <summary>Moves to the first marker after coded data; in it, 0xFF is followed by 0x00 or by a restart marker.</summary>
    static void SkipScan(ReadOnlySpan<byte> file, ref int position)
    {
        while (true)
        {
            var distance = file[position..].IndexOf((byte)0xFF);
            if (distance < 0 || position + distance + 1 >= file.Length)
                throw Truncated();
            position += distance;
            if (file[position + 1] is not (0x00 or (>= 0xD0 and <= 0xD7)))
                return;
            position += 2;
        }
    }

    /// <summary>The orientation that EXIF records; 1 where there is none that makes sense, as viewers do.</summary>
    static int ReadOrientation(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8) || segment.Length < 6 + 8)
            return 1;
        var tiff = segment[6..];
        var littleEndian = tiff.StartsWith("II"u8);
        if (!littleEndian && !tiff.StartsWith("MM"u8) || Short(tiff, 2) != 42)
            return 1;

        var directory = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        var entries = tiff[((int)directory + 2)..];
        for (int i = 0, count = Short(tiff, (int)directory); i < count && entries.Length >= 12; i++, entries = entries[12..])
            if (Short(entries, 0) == 0x0112)
                return Short(entries, 8) is var orientation and >= 1 and <= 8 ? orientation : 1;
        return 1;

        int Short(ReadOnlySpan<byte> bytes, int offset) => littleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..])
            : BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
    }

    static InvalidDataException Truncated() => new("the JPEG file is truncated");
}
