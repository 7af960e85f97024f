namespace NoisyNN.Pipelines.Data;

/// <summary>An array of numpy's <c>.npy</c> format, versions 1 to 3: numbers and truth values, little-endian, in C or Fortran order. Its values in C order.</summary>
/// <param name="Shape">The lengths of its axes; at least one.</param>
/// <param name="Values">All values.</param>
/// <param name="IsWhole">Whether the type is one of whole numbers or truth values.</param>
public sealed record NpyFile(IReadOnlyList<int> Shape, double[] Values, bool IsWhole)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">No such file, cut off, or of a kind that is not read; the message has the remedy.</exception>
    public static NpyFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        var header = NpyHeader.Read(path, stream);
        if (header.ValueCount > Array.MaxLength)
            throw new InvalidDataException($"{path} says that it has the shape ({string.Join(", ", header.Shape)}), more values than can be held at once.");
        var values = ReadValues(stream, (int)header.ValueCount, header.Element);
        return new(header.Shape, header.IsFortranOrder && header.Shape.Count > 1 ? Transpose(values, [.. header.Shape]) : values, header.Element.IsWhole);
    }

    static double[] ReadValues(FileStream stream, int count, NpyElement element)
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
}
