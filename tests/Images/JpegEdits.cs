using System.Buffers.Binary;

namespace NoisyNN.Tests.Images;

/// <summary>Damage to JPEG files that leaves their outer structure whole.</summary>
static class JpegEdits
{
    public static readonly byte[] EndOfImage = [0xFF, 0xD9];

    /// <summary>The places of a marker's 0xFF.</summary>
    public static IReadOnlyList<int> Find(byte[] jpeg, Func<byte, bool> marker) =>
        [.. Enumerable.Range(2, jpeg.Length - 3).Where(i => jpeg[i] == 0xFF && marker(jpeg[i + 1]))];

    /// <summary>Where the coded data of the first scan begin.</summary>
    public static int StartOfData(byte[] jpeg) => End(jpeg, Find(jpeg, marker => marker == 0xDA)[0]);

    /// <summary>A copy with other bytes from a place on.</summary>
    public static byte[] With(byte[] jpeg, int place, params ReadOnlySpan<byte> bytes)
    {
        var copy = (byte[])jpeg.Clone();
        bytes.CopyTo(copy.AsSpan(place));
        return copy;
    }

    /// <summary>A copy with bytes between others.</summary>
    public static byte[] Insert(byte[] jpeg, int place, params ReadOnlySpan<byte> bytes) => [.. jpeg[..place], .. bytes, .. jpeg[place..]];

    /// <summary>A copy without the segments of a marker.</summary>
    public static byte[] Without(byte[] jpeg, byte marker)
    {
        foreach (var place in Find(jpeg, found => found == marker).Reverse())
            jpeg = [.. jpeg[..place], .. jpeg[End(jpeg, place)..]];
        return jpeg;
    }

    /// <summary>A copy without one of its scans.</summary>
    public static byte[] WithoutScan(byte[] jpeg, int scan)
    {
        var start = Find(jpeg, marker => marker == 0xDA)[scan];
        var end = Find(jpeg, marker => marker is not (0 or 0xFF or >= 0xD0 and <= 0xD7)).First(place => place > start);
        return [.. jpeg[..start], .. jpeg[end..]];
    }

    /// <summary>A copy whose frame header claims so many times the rows.</summary>
    public static byte[] WithClaimedHeight(byte[] jpeg, double factor)
    {
        var place = Find(jpeg, marker => marker is 0xC0 or 0xC1 or 0xC2)[0] + 5;
        var height = (ushort)(factor * BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(place)));
        return With(jpeg, place, (byte)(height >> 8), (byte)height);
    }

    static int End(byte[] jpeg, int marker) => marker + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(marker + 2));
}
