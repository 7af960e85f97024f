using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>The container of a WebP file (RFC 9649, section 2.4). Skia accepts an animation that is cut after its first frame.</summary>
static class WebPFile
{
    public static bool IsWebP(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    /// <summary>The reason for a refusal; null if the container is complete.</summary>
    public static ImageRefusal? Read(ReadOnlySpan<byte> file)
    {
        var claimed = 8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        return claimed <= file.Length
            ? null
            : new(ImageRefusalKind.Truncated, $"the WebP file is truncated: it has {file.Length} of {claimed} bytes");
    }
}
