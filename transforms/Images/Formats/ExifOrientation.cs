using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>Finds the orientation in EXIF data (CIPA DC-008, tag 0x0112), which are a TIFF directory.</summary>
static class ExifOrientation
{
    const ushort Tag = 0x0112;

    /// <summary>The orientation, 1 to 8. 1 if there is no valid one, as in viewers.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        var isLittleEndian = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !isLittleEndian && !tiff.StartsWith("MM"u8) || Short(tiff, 2) != 42)
            return 1;
        var directory = isLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        var entries = tiff[((int)directory + 2)..];
        for (int i = 0, count = Short(tiff, (int)directory); i < count && entries.Length >= 12; i++, entries = entries[12..])
            if (Short(entries, 0) == Tag)
                return Short(entries, 8) is var orientation and >= 1 and <= 8 ? orientation : 1;
        return 1;

        int Short(ReadOnlySpan<byte> bytes, int offset) =>
            isLittleEndian
                ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..])
                : BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
    }
}
