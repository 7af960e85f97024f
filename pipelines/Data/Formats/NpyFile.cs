using System.Text;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>
/// An array of numpy's <c>.npy</c> format, versions 1 to 3, or the only array of an <c>.npz</c> archive. It has numbers or Booleans of
/// either byte order, in C or Fortran order. The values here are in C order.
/// </summary>
/// <param name="Shape">The lengths of its axes; at least one.</param>
/// <param name="Values">All values.</param>
/// <param name="IsWhole">Whether the type is one of integers or Booleans.</param>
public sealed record NpyFile(IReadOnlyList<int> Shape, double[] Values, bool IsWhole)
{
    const int PieceLength = 65_536;

    int _bytesPerValue;

    /// <summary>Reads numbers.</summary>
    /// <exception cref="InvalidDataException">There is no such file, it is cut off, or its type is not supported.</exception>
    public static NpyFile Read(string path)
    {
        using var content = NpyContent.Open(path);
        var header = Header(path, content);
        if (header.Element.IsText)
            throw new InvalidDataException($"{path} holds texts, which can be labels but not features. Save numbers with .astype('<f8').");
        var element = header.Element;
        var values = ReadValues(
            path,
            content,
            header,
            (bytes, index) => element.IsExact(bytes) ? element.Read(bytes) : throw element.Inexact(path, bytes, $"at element {index}")
        );
        var inOrder = header.IsFortranOrder && header.Shape.Count > 1 ? Transpose(values, [.. header.Shape]) : values;
        return new(header.Shape, inOrder, element.IsWhole) { _bytesPerValue = element.Size };
    }

    /// <summary>
    /// Reads the texts of an array with one value in each row, or its 8-byte integers with all digits; null for other arrays.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// There is no such file, it is cut off, its type is not supported, or a row has several texts.
    /// </exception>
    public static IReadOnlyList<string>? ReadTexts(string path)
    {
        using var content = NpyContent.Open(path);
        var header = Header(path, content);
        var hasOneInRow = header.ValueCount == header.Shape[0];
        if (header.Element.IsText && !hasOneInRow)
            throw new InvalidDataException(
                $"{path} has the shape ({string.Join(", ", header.Shape)}); one text in each row can be its label."
            );
        if (!hasOneInRow || !header.Element.IsText && header.Element is not { Size: 8, IsWhole: true })
            return null;
        return ReadValues(
            path,
            content,
            header,
            (bytes, index) =>
            {
                try
                {
                    return header.Element.ReadText(bytes);
                }
                catch (DecoderFallbackException malformed)
                {
                    var bytesOf = header.Element.Kind == NpyKind.Bytes ? "UTF-8" : "characters";
                    throw new InvalidDataException(
                        $"{path}: the text of row {index} has bytes that are not {bytesOf}. Save the texts with .astype('U').",
                        malformed
                    );
                }
            }
        );
    }

    /// <exception cref="InvalidDataException">
    /// The values are integers in a floating-point type that cannot hold every integer of their size. Different integers may have become
    /// equal.
    /// </exception>
    internal void RequireExactIntegers(string path)
    {
        var limit = _bytesPerValue switch
        {
            2 => 1L << 11,
            4 => 1L << 24,
            _ => 1L << 53,
        };
        if (Values.All(value => value == Math.Floor(value)) && Values.Any(value => Math.Abs(value) >= limit))
        {
            throw new InvalidDataException(
                $"{path} has integers beyond {limit} as floating-point numbers of {_bytesPerValue} bytes, "
                    + "in which different ones become equal. Save them with .astype('<i8')."
            );
        }
    }

    static NpyHeader Header(string path, NpyContent content)
    {
        var header = NpyHeader.Read(path, content);
        return header.ValueCount <= Array.MaxLength
            ? header
            : throw new InvalidDataException(
                $"{path} says that it has the shape ({string.Join(", ", header.Shape)}), more values than can be held at once."
            );
    }

    delegate T Reading<T>(ReadOnlySpan<byte> bytes, int index);

    static T[] ReadValues<T>(string path, NpyContent content, NpyHeader header, Reading<T> read)
    {
        var (count, size) = ((int)header.ValueCount, header.Element.Size);
        var values = new T[count];
        var pieceLength = Math.Max(1, PieceLength / size);
        var piece = new byte[size * pieceLength];
        for (var done = 0; done < count; )
        {
            var part = Math.Min(count - done, pieceLength);
            if (content.Stream.ReadAtLeast(piece.AsSpan(0, part * size), part * size, throwOnEndOfStream: false) < part * size)
                throw NpyHeader.CutOff(path);
            for (var i = 0; i < part; i++)
                values[done + i] = read(piece.AsSpan(i * size, size), done + i);
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
}
