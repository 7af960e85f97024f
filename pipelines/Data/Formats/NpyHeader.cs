using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>The header of a <c>.npy</c> file, which describes its array.</summary>
/// <param name="Shape">The lengths of its axes; at least one.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Element">The format of a value.</param>
/// <param name="Start">The position of the first value, in bytes from the beginning.</param>
sealed partial record NpyHeader(IReadOnlyList<int> Shape, bool IsFortranOrder, NpyElement Element, long Start)
{
    const int LongestHeader = 1 << 20;

    /// <summary>The number of values.</summary>
    public long ValueCount => Shape.Aggregate(1L, (product, axis) => product * axis);

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and leaves the stream at the first value.</summary>
    /// <exception cref="InvalidDataException">The file is cut off, or its type is not supported; the message has the remedy.</exception>
    public static NpyHeader Read(string path, NpyContent content)
    {
        var stream = content.Stream;
        Span<byte> prefix = stackalloc byte[12];
        if (stream.ReadAtLeast(prefix[..10], 10, throwOnEndOfStream: false) < 10 || !prefix[..6].SequenceEqual(Magic))
            throw new InvalidDataException($"{path} is not a .npy file: it does not begin like one. Save the array with numpy.save.");
        var version = prefix[6];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"{path} is a .npy file of version {version}; versions 1 to 3 are read.");
        if (version > 1 && stream.ReadAtLeast(prefix.Slice(10, 2), 2, throwOnEndOfStream: false) < 2)
            throw CutOff(path);
        var length =
            version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        var start = (version == 1 ? 10 : 12) + (long)length;
        if (length > LongestHeader || start > content.Length)
            throw CutOff(path);
        var text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw CutOff(path);
        return Read(path, start, content.Length - start, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text));
    }

    static NpyHeader Read(string path, long start, long rest, string header)
    {
        var type = TypePattern().Match(header);
        var order = OrderPattern().Match(header);
        var shape = ShapePattern().Match(header);
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new InvalidDataException(
                header.Contains("'descr': [", StringComparison.Ordinal)
                    ? $"{path} holds records with named fields; save one plain array of numbers."
                    : $"{path} has a header that cannot be read: {header.Trim()}"
            );
        }
        var element = NpyElement.Of(path, type.Groups[1].Value);
        int[] lengths =
        [
            .. shape
                .Groups[1]
                .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text => Length(path, text)),
        ];
        if (lengths.Length == 0)
            throw new InvalidDataException($"{path} holds a single number; an array of rows is needed.");

        var size = lengths.Aggregate((double)element.Size, (product, axis) => product * axis);
        if (size > long.MaxValue / 2)
            throw new InvalidDataException(
                $"{path} says that it has the shape ({string.Join(", ", lengths)}), more values than can be held at once."
            );
        if (rest < size)
            throw CutOff(path);
        if (rest > size)
            throw new InvalidDataException($"{path} has {rest - (long)size} more bytes after its array; save one array to a file.");
        return new(lengths, order.Groups[1].Value == "True", element, start);
    }

    static int Length(string path, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw new InvalidDataException($"{path} says that an axis has the length {text}; lengths from 0 to {int.MaxValue} are read.");

    /// <summary>The error for a file with fewer bytes than its header says.</summary>
    public static InvalidDataException CutOff(string path) =>
        new($"{path} is cut off: it ends before its array does. Save or copy it again.");

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
