using System.Buffers.Binary;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>
/// Checks a JPEG file (ITU-T T.81) to its end and through all coded data, without computing a value. Decoders fill missing data with grey
/// and report success. Here a file is complete only if every block of every scan is there.
/// </summary>
/// <remarks>
/// In a complete file, each scan has all its units, with restart markers in order. It has only codes of its tables, and at most eight
/// bytes before the next marker. Every component is sent, and in a progressive file every coefficient to its last bit. There is an end
/// marker. JPEG has no checksum: a changed bit that leaves the codes valid cannot be found.
/// </remarks>
sealed class JpegWalk
{
    const int MostScans = 200;
    const byte StartOfImage = 0xD8,
        EndOfImage = 0xD9,
        StartOfScan = 0xDA,
        DefineHuffmanTables = 0xC4,
        DefineRestartInterval = 0xDD,
        Adobe = 0xEE;

    readonly JpegFrame _frame = new();
    readonly JpegScan _scan = new();
    readonly HuffmanTable[] _dcTables = [new(), new(), new(), new()];
    readonly HuffmanTable[] _acTables = [new(), new(), new(), new()];
    int _restartInterval,
        _scanCount;
    bool _isAdobe;
    long _mostPixels;

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, StartOfImage, 0xFF]);

    /// <summary>Checks a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="mostPixels">The most pixels of the image; the check allocates up to 6 bytes for each.</param>
    /// <param name="notes">Receives the notes on unusual features.</param>
    /// <returns>The reason for a refusal; null if the file is complete.</returns>
    public ImageRefusal? Read(ReadOnlySpan<byte> file, long mostPixels, ref ImageNotes notes)
    {
        (_restartInterval, _scanCount, _isAdobe, _mostPixels) = (0, 0, false, mostPixels);
        foreach (var table in _dcTables)
            table.IsDefined = false;
        foreach (var table in _acTables)
            table.IsDefined = false;
        try
        {
            return ReadSegments(file, ref notes);
        }
        finally
        {
            _frame.Clear();
        }
    }

    ImageRefusal? ReadSegments(ReadOnlySpan<byte> file, ref ImageNotes notes)
    {
        for (var (position, restarts) = (2, 0); ; )
        {
            var start = position;
            var marker = NextMarker(file, ref position, out var stray);
            if (stray > 0)
                notes |= ImageNotes.StrayBytes;
            // Before the first scan, bytes between the segments are not part of the image.
            if (stray > CodedBits.MostStrayBytes && _scanCount > 0)
                return TooMuchData();
            if (marker == EndOfImage)
                return End(ref notes);
            // One restart marker may follow the last unit of a scan. More would mean more units.
            restarts = IsRestart(marker) ? restarts + 1 : 0;
            if (restarts > 1)
                return TooMuchData();
            if (marker == 0x01 || restarts > 0)
                continue;
            if (marker == StartOfImage)
                return Damaged(start, "a second start marker");
            if (marker == 0 || file.Length - position < 2)
                return Truncated("it has no end marker");

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
            if (length < 2)
                return Damaged(start, "segment length");
            if (length > file.Length - position)
                return Truncated("a segment is cut");
            var segment = file.Slice(position + 2, length - 2);
            position += length;
            if (ReadSegment(marker, segment) is { } refusal)
                return refusal;
            if (marker == StartOfScan && ReadScan(file, segment, ref position, ref notes) is { } fault)
                return fault;
        }
    }

    ImageRefusal? ReadSegment(byte marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case DefineHuffmanTables:
                return ReadTables(segment) ? null : new(ImageRefusalKind.Damaged, "the JPEG file is damaged (Huffman table)");
            case DefineRestartInterval when segment.Length >= 2:
                _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                return null;
            case Adobe:
                _isAdobe |= segment.StartsWith("Adobe"u8);
                return null;
            case >= 0xC0 and <= 0xCF and not (0xC8 or 0xCC):
                return _frame.Read(marker, segment, _mostPixels);
            default:
                return null;
        }
    }

    bool ReadTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            var count = 0;
            foreach (var codes in segment.Slice(1, 16))
                count += codes;
            var (kind, place) = (segment[0] >> 4, segment[0] & 15);
            if (kind > 1 || place > 3 || count > 256 || segment.Length < 17 + count)
                return false;
            if (!(kind == 0 ? _dcTables : _acTables)[place].Define(segment.Slice(1, 16 + count)))
                return false;
            segment = segment[(17 + count)..];
        }
        return segment.IsEmpty;
    }

    ImageRefusal? ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> segment, ref int position, ref ImageNotes notes)
    {
        if (++_scanCount > MostScans)
            return new(ImageRefusalKind.TooLarge, $"the JPEG file has more than {MostScans} scans");
        if (BeginScan(segment) is { } refusal)
            return refusal;
        if (!_scan.HasTables)
            return new(
                ImageRefusalKind.Unsupported,
                $"the JPEG file has no Huffman table for scan {_scanCount}, such as the frames of a video; save it as a complete JPEG"
            );

        var bits = new CodedBits(file, position);
        for (var (unit, restarts) = (0, 0); unit < _scan.UnitCount; restarts++)
        {
            if (restarts > 0 && bits.TakeMarker() != 0xD0 + (restarts - 1 & 7))
                return Stopped(unit, isCut: true);
            var end = _restartInterval == 0 ? _scan.UnitCount : Math.Min(unit + _restartInterval, _scan.UnitCount);
            unit = _scan.Skip(ref bits, unit, end);
            if (unit < end)
                return Stopped(unit, bits.IsExhausted);
            var stray = bits.DropToMarker();
            if (stray < 0 && bits.Position + 1 >= file.Length)
                return Truncated($"nothing follows scan {_scanCount}");
            if (stray < 0)
                return TooMuchData();
            if (stray > 0)
                notes |= ImageNotes.StrayBytes;
        }
        position = bits.Position;
        return null;
    }

    ImageRefusal? BeginScan(ReadOnlySpan<byte> segment)
    {
        if (_frame.ComponentCount == 0)
            return new(ImageRefusalKind.Damaged, "the JPEG file is damaged: a scan comes before the frame header");
        var count = segment.IsEmpty ? 0 : segment[0];
        if (count is < 1 or > 4 || segment.Length < 4 + 2 * count)
            return WrongScan();
        var parameters = segment[(1 + 2 * count)..];
        var header = new JpegScanHeader(parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15);
        if (_frame.IsProgressive && !header.IsProgressive(count))
            return WrongScan();

        _scan.Begin(header, _frame.IsProgressive);
        var unitCount = _frame.McuCount;
        for (var i = 0; i < count; i++)
        {
            var (dc, ac) = (segment[2 + 2 * i] >> 4, segment[2 + 2 * i] & 15);
            if (_frame.Find(segment[1 + 2 * i]) is not { } component || dc > 3 || ac > 3)
                return WrongScan();
            if (_frame.IsProgressive && !component.Advance(header))
                return WrongScan();
            component.IsScanned = true;
            _scan.Add(component, count == 1 ? 1 : component.Horizontal * component.Vertical, _dcTables[dc], _acTables[ac]);
            if (count == 1)
                unitCount = component.BlockCount;
        }
        _scan.UnitCount = unitCount;
        return null;

        ImageRefusal WrongScan() =>
            new(ImageRefusalKind.Damaged, $"the JPEG file is damaged: the header of scan {_scanCount} does not fit its frame");
    }

    /// <summary>The next marker; 0 at the end of the file.</summary>
    static byte NextMarker(ReadOnlySpan<byte> file, ref int position, out int stray)
    {
        stray = 0;
        while (true)
        {
            var distance = file[position..].IndexOf((byte)0xFF);
            if (distance < 0)
                return 0;
            (stray, position) = (stray + distance, position + distance);
            while (position < file.Length && file[position] == 0xFF)
                position++;
            if (position >= file.Length)
                return 0;
            if (file[position++] is not 0 and var marker)
                return marker;
            stray++;
        }
    }

    ImageRefusal? End(ref ImageNotes notes)
    {
        if (_scanCount == 0)
            return new(ImageRefusalKind.Damaged, "the JPEG file ends before an image");
        foreach (var component in _frame.Components)
            if (!(_frame.IsProgressive ? component.IsComplete : component.IsScanned))
                return Truncated($"after {_scanCount} scan{(_scanCount == 1 ? "" : "s")} the image is not complete");
        if (_frame.ComponentCount < 4)
            return null;
        notes |= ImageNotes.Cmyk;
        // In Adobe's convention and in the standard, 0 and 255 have opposite meanings for ink. Only the marker says which one applies.
        return _isAdobe
            ? null
            : new(
                ImageRefusalKind.Unsupported,
                "the JPEG file has four components without saying whether they are inverted (no Adobe marker); save it as RGB"
            );
    }

    ImageRefusal Stopped(int unit, bool isCut) =>
        isCut
            ? Truncated($"scan {_scanCount} ends at block {unit} of {_scan.UnitCount}")
            : new(
                ImageRefusalKind.Damaged,
                $"the JPEG file is damaged: scan {_scanCount} has an invalid code at block {unit} of {_scan.UnitCount}"
            );

    ImageRefusal TooMuchData() =>
        new(ImageRefusalKind.Damaged, $"the JPEG file is damaged: scan {_scanCount} has more data than its {_scan.UnitCount} blocks take");

    static bool IsRestart(byte marker) => marker is >= 0xD0 and <= 0xD7;

    static ImageRefusal Damaged(int position, string what) =>
        new(ImageRefusalKind.Damaged, $"the JPEG file is damaged at byte {position} ({what})");

    static ImageRefusal Truncated(string how) => new(ImageRefusalKind.Truncated, $"the JPEG file is truncated: {how}");
}
