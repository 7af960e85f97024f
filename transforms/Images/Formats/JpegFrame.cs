using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>The frame of a JPEG file (T.81, B.2.2).</summary>
sealed class JpegFrame
{
    readonly JpegComponent[] _components = [new(), new(), new(), new()];
    int _width,
        _height,
        _mostHorizontal,
        _mostVertical;

    /// <summary>0 before the frame header is read.</summary>
    public int ComponentCount { get; private set; }

    public bool IsProgressive { get; private set; }

    public ReadOnlySpan<JpegComponent> Components => _components.AsSpan(0, ComponentCount);

    /// <summary>Minimum coded units of a scan of several components.</summary>
    public int McuCount => Units(_width, _mostHorizontal) * Units(_height, _mostVertical);

    public void Clear()
    {
        ComponentCount = 0;
        foreach (var component in _components)
            component.Release();
    }

    public JpegComponent? Find(byte id)
    {
        foreach (var component in Components)
            if (component.Id == id)
                return component;
        return null;
    }

    /// <summary>Reads a frame header.</summary>
    public ImageRefusal? Read(byte marker, ReadOnlySpan<byte> segment, long mostPixels)
    {
        if (marker is >= 0xC9 and <= 0xCB or >= 0xCD and <= 0xCF)
            return Unsupported("has arithmetic codes");
        if (marker is not (0xC0 or 0xC1 or 0xC2))
            return Unsupported(marker == 0xC3 ? "is a lossless one" : "is a hierarchical one");
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5])
            return new(ImageRefusalKind.Damaged, "the JPEG file's frame header is too short");
        if (segment[0] != 8)
            return Unsupported($"has {segment[0]} bits a sample");
        if (segment[5] is not (1 or 3 or 4))
            return Unsupported($"has {segment[5]} components");
        if (ComponentCount > 0)
            return new(ImageRefusalKind.Damaged, "the JPEG file has two frame headers");

        IsProgressive = marker == 0xC2;
        ComponentCount = segment[5];
        _height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (_width == 0 || _height == 0)
            return new(ImageRefusalKind.Damaged, $"the JPEG file's header claims {_width} x {_height} pixels");
        // Skia opens no JPEG above 65,500 pixels a side, so that this is the first who looks at the size of such a file.
        return ImageRefusal.OfSize(_width, _height, mostPixels) ?? ReadComponents(segment[6..]);

        static ImageRefusal Unsupported(string what) =>
            new(
                ImageRefusalKind.Unsupported,
                $"the JPEG file {what}, which is not read; save it as a baseline or progressive JPEG of 8 bits"
            );
    }

    ImageRefusal? ReadComponents(ReadOnlySpan<byte> entries)
    {
        (_mostHorizontal, _mostVertical) = (1, 1);
        for (var i = 0; i < ComponentCount; i++)
        {
            var (horizontal, vertical) = (entries[3 * i + 1] >> 4, entries[3 * i + 1] & 15);
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4)
                return new(ImageRefusalKind.Damaged, $"the JPEG file's sampling of {horizontal} x {vertical} does not exist");
            _components[i].Define(entries[3 * i], horizontal, vertical);
            (_mostHorizontal, _mostVertical) = (Math.Max(_mostHorizontal, horizontal), Math.Max(_mostVertical, vertical));
        }
        foreach (var component in Components)
        {
            component.SetBlockCount(
                Blocks(_width, component.Horizontal, _mostHorizontal) * Blocks(_height, component.Vertical, _mostVertical)
            );
            if (IsProgressive)
                component.Prepare();
        }
        return null;
    }

    /// <summary>Interleaved units along a side of the image (T.81, A.2.3).</summary>
    static int Units(int length, int most) => (length + 8 * most - 1) / (8 * most);

    /// <summary>Blocks along a side of a component (T.81, A.1.1 and A.2.2).</summary>
    static int Blocks(int length, int sampling, int most)
    {
        var samples = (length * sampling + most - 1) / most;
        return (samples + 7) / 8;
    }
}
