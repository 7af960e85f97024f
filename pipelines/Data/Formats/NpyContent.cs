using System.IO.Compression;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>
/// The bytes of one array: of a <c>.npy</c> file, or of the only array in a <c>.npz</c> file. The first bytes, not the name, decide which
/// format it is.
/// </summary>
sealed class NpyContent : IDisposable
{
    /// <summary>The highest compression that Deflate reaches (zlib's technical details). An entry that claims more is wrong.</summary>
    const long LargestCompression = 1032;

    const int BufferLength = 1 << 18;

    readonly IDisposable? _archive;

    NpyContent(Stream stream, long length, IDisposable? archive = null) => (Stream, Length, _archive) = (stream, length, archive);

    /// <summary>The bytes, from the first one.</summary>
    public Stream Stream { get; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <exception cref="InvalidDataException">
    /// There is no such file, it is not a regular file, or it is an archive of more than one array.
    /// </exception>
    public static NpyContent Open(string path)
    {
        RegularFile.Require(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength);
        try
        {
            Span<byte> start = stackalloc byte[4];
            var isArchive = file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start is [(byte)'P', (byte)'K', 3 or 5, 4 or 6];
            file.Position = 0;
            return isArchive ? OpenArchive(path, file) : new(file, file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Skips to a later byte.</summary>
    /// <exception cref="EndOfStreamException">The array has fewer bytes.</exception>
    public void Skip(long count)
    {
        if (Stream.CanSeek)
        {
            Stream.Seek(count, SeekOrigin.Current);
            return;
        }
        var piece = new byte[Math.Min(count, BufferLength)];
        for (; count > 0; count -= Math.Min(count, piece.Length))
            Stream.ReadExactly(piece, 0, (int)Math.Min(count, piece.Length));
    }

    public void Dispose()
    {
        Stream.Dispose();
        _archive?.Dispose();
    }

    static NpyContent OpenArchive(string path, FileStream file)
    {
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var arrays = archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)).ToList();
            if (arrays is not [var only])
            {
                var names = string.Concat(arrays.Take(5).Select(array => $", {Printable.Of(array.FullName[..^4])}"));
                throw new InvalidDataException(
                    $"{path} is an .npz archive of {arrays.Count} arrays{names}; only one is "
                        + "supported. Save the one that you mean with numpy.save."
                );
            }
            if (only.Length / LargestCompression > only.CompressedLength)
                throw new InvalidDataException(
                    $"{path} claims {only.Length} bytes, more than its {only.CompressedLength} compressed bytes can hold."
                );
            return new(only.Open(), only.Length, archive);
        }
        catch (InvalidDataException damaged) when (!damaged.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{path} is a damaged .npz archive ({damaged.Message.TrimEnd('.')}). Save or copy it again.",
                damaged
            );
        }
    }
}
