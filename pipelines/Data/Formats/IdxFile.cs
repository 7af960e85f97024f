using System.Buffers.Binary;
using System.IO.Compression;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>A block of bytes with dimensions, as the IDX format of MNIST stores it.</summary>
/// <param name="Dimensions">The number of items, then the size of one.</param>
/// <param name="Values">The bytes, the last dimension running fastest.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values);

/// <summary>
/// Reads gzip-compressed IDX files of unsigned bytes: the magic number <c>0x0000080r</c> with the number of dimensions r,
/// r big-endian 32-bit sizes, then the bytes.
/// </summary>
public static class IdxFile
{
    /// <summary>The highest compression that Deflate reaches (zlib's technical details). A header that claims more is wrong.</summary>
    internal const long LargestCompression = 1032;

    /// <summary>Decompresses a file that is already in memory.</summary>
    /// <param name="compressed">The file's bytes.</param>
    /// <param name="name">The name of the file in errors.</param>
    /// <param name="rank">The number of dimensions that it must have: 1 for labels, 3 for grey images.</param>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, of another kind, or longer than it says.</exception>
    public static IdxArray Read(byte[] compressed, string name, int rank)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        try
        {
            using var stream = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            Span<byte> header = stackalloc byte[4 + 4 * rank];
            stream.ReadExactly(header);

            var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (magic != 0x0800u + (uint)rank)
                throw new InvalidDataException(
                    $"{name}: the magic number is 0x{magic:x8}, not 0x{0x0800 + rank:x8} (IDX, unsigned bytes, {rank} dimensions)."
                );

            var dimensions = new int[rank];
            var length = 1L;
            for (var i = 0; i < rank; i++)
            {
                dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
                if (dimensions[i] < 1 || (length *= dimensions[i]) > Array.MaxLength)
                    throw new InvalidDataException(
                        $"{name}: the header gives a size of {dimensions[i]} in dimension {i}, which cannot be read."
                    );
            }
            // Before memory is taken: a small file must not claim gigabytes.
            if (length > compressed.LongLength * LargestCompression)
                throw new InvalidDataException(
                    $"{name}: the header claims {length} bytes, more than {compressed.LongLength} compressed bytes can hold."
                );

            var values = GC.AllocateUninitializedArray<byte>((int)length);
            stream.ReadExactly(values);
            if (stream.ReadByte() >= 0)
                throw new InvalidDataException($"{name}: there is more data than the header's {string.Join(" x ", dimensions)}.");
            return new IdxArray(dimensions, values);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException(
                $"{name}: the file is truncated; it ends before the data that its header announces. Get it again.",
                exception
            );
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: the gzip data is corrupt ({exception.Message}). Get the file again.", exception);
        }
    }
}
