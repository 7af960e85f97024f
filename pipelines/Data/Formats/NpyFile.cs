using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NoisyNN.Pipelines.Data;

/// <summary>An array of numpy's <c>.npy</c> format, versions 1 to 3: numbers and truth values, little-endian, in C or Fortran order. Its values in C order.</summary>
/// <param name="Shape">The lengths of its axes; at least one.</param>
/// <param name="Values">All values.</param>
/// <param name="IsWhole">Whether the type is one of whole numbers or truth values.</param>
public sealed partial record NpyFile(IReadOnlyList<int> Shape, double[] Values, bool IsWhole)
{
    const int LongestHeader = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">No such file, cut off, or of a kind that is not read; the message has the remedy.</exception>
    public static NpyFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10 || !start[..6].SequenceEqual(Magic))
            throw new InvalidDataException($"{path} is no .npy file: it does not begin as one. Save the array with numpy.save.");
        var version = start[6];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"{path} is a .npy file of version {version}; versions 1 to 3 are read.");
        if (version > 1 && stream.ReadAtLeast(start.Slice(10, 2), 2, throwOnEndOfStream: false) < 2)
            throw CutOff(path);
        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > LongestHeader || length > stream.Length - stream.Position)
            throw CutOff(path);
        var header = new byte[length];
        stream.ReadExactly(header);
        return Read(path, stream, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header));
    }

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    static NpyFile Read(string path, FileStream stream, string header)
    {
        var type = TypePattern().Match(header);
        var order = OrderPattern().Match(header);
        var shape = ShapePattern().Match(header);
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new InvalidDataException(header.Contains("'descr': [", StringComparison.Ordinal)
                ? $"{path} holds records with named fields; save one plain array of numbers."
                : $"{path} has a header that cannot be read: {header.Trim()}");
        }
        var element = Element.Of(path, type.Groups[1].Value);
        int[] lengths = [.. shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Length(path, text))];
        if (lengths.Length == 0)
            throw new InvalidDataException($"{path} holds a single number; an array of rows is needed.");

        var count = lengths.Aggregate(1.0, (product, axis) => product * axis);
        if (count > Array.MaxLength)
            throw new InvalidDataException($"{path} says that it has the shape ({string.Join(", ", lengths)}), more values than can be held at once.");
        var size = (long)count * element.Size;
        if (stream.Length - stream.Position < size)
            throw CutOff(path);
        if (stream.Length - stream.Position > size)
            throw new InvalidDataException($"{path} goes on for {stream.Length - stream.Position - size} bytes after its array; save one array to a file.");

        var values = ReadValues(stream, (int)count, element);
        return new(lengths, order.Groups[1].Value == "True" && lengths.Length > 1 ? Transpose(values, lengths) : values, element.IsWhole);
    }

    static double[] ReadValues(FileStream stream, int count, Element element)
    {
        var values = new double[count];
        var piece = new byte[element.Size * 65_536];
        for (var done = 0; done < count;)
        {
            var part = Math.Min(count - done, 65_536);
            stream.ReadExactly(piece, 0, part * element.Size);
            for (var i = 0; i < part; i++)
                values[done + i] = element.Read(piece.AsSpan(i * element.Size));
            done += part;
        }
        return values;
    }

    /// <summary>From Fortran's order, first index fastest, to C's, last index fastest.</summary>
    static double[] Transpose(double[] values, int[] lengths)
    {
        var transposed = new double[values.Length];
        var index = new int[lengths.Length];
        for (var place = 0; place < transposed.Length; place++)
        {
            long source = 0;
            for (var axis = lengths.Length - 1; axis >= 0; axis--)
                source = source * lengths[axis] + index[axis];
            transposed[place] = values[source];
            for (var axis = lengths.Length - 1; axis >= 0 && ++index[axis] == lengths[axis]; axis--)
                index[axis] = 0;
        }
        return transposed;
    }

    static int Length(string path, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        ? length
        : throw new InvalidDataException($"{path} says that an axis has the length {text}; lengths from 0 to {int.MaxValue} are read.");

    static InvalidDataException CutOff(string path) => new($"{path} is cut off: it ends before its array does. Save or copy it again.");

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();

    delegate double Reading(ReadOnlySpan<byte> bytes);

    /// <summary>How one value lies in the file.</summary>
    sealed record Element(int Size, bool IsWhole, Reading Read)
    {
        public static Element Of(string path, string type) => type.TrimStart('<', '|', '=') switch
        {
            _ when type.StartsWith('>') => throw new InvalidDataException($"{path} holds big-endian values ({type}); save it with .astype('<f8')."),
            "f2" => new(2, false, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            "f4" => new(4, false, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            "f8" => new(8, false, BinaryPrimitives.ReadDoubleLittleEndian),
            "i1" => new(1, true, bytes => (sbyte)bytes[0]),
            "i2" => new(2, true, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
            "i4" => new(4, true, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            "i8" => new(8, true, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            "u1" or "b1" => new(1, true, bytes => bytes[0]),
            "u2" => new(2, true, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            "u4" => new(4, true, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
            "u8" => new(8, true, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
            "O" => throw new InvalidDataException($"{path} holds Python objects, which are not read; save numbers with .astype('<f8')."),
            _ => throw new InvalidDataException($"{path} holds values of type '{type}'; floating-point numbers, whole numbers and truth values are read."),
        };
    }
}
