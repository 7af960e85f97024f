using System.Formats.Tar;
using System.IO.Compression;

namespace NoisyNN.Pipelines.Data.Formats.Labelled;

/// <summary>Reads files out of a gzip-compressed tar archive in memory. Nothing is written to disk.</summary>
static class TarFiles
{
    /// <summary>The most bytes that the chosen files may have together.</summary>
    const long MostBytes = 1L << 30;

    /// <summary>The chosen files by their paths in the archive.</summary>
    /// <param name="compressed">The archive.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="isChosen">Whether the file with a path is read.</param>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, too large, or holds a path twice.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(byte[] compressed, string name, Func<string, bool> isChosen)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var total = 0L;
        try
        {
            using var stream = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            using var reader = new TarReader(stream);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !isChosen(entry.Name))
                    continue;
                // Before memory is taken: a small archive must not claim gigabytes.
                if ((total += entry.Length) > Math.Min(MostBytes, compressed.LongLength * IdxFile.LargestCompression))
                    throw new InvalidDataException($"{name}: {entry.Name} makes it {total} bytes, more than can be read.");
                var content = new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                if (!files.TryAdd(entry.Name, content))
                    throw new InvalidDataException($"{name}: the archive holds {entry.Name} twice.");
            }
            return files;
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"{name}: the archive is truncated. Get it again.", exception);
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: the archive is corrupt ({exception.Message}). Get it again.", exception);
        }
    }
}
