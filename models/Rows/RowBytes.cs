namespace NoisyNN.Models.Rows;

/// <summary>Where a row lies: in a chunk of memory or, with chunk -1, in the file.</summary>
readonly record struct RowPlace(int Chunk, int Length, long Offset);

/// <summary>
/// The bytes of rows, in memory up to a limit, the rest in a temporary file. Several threads may add rows at once; after
/// <see cref="Complete"/> several may read them.
/// </summary>
/// <param name="memoryLimit">The most bytes of rows in memory.</param>
/// <param name="folder">Where the temporary file is made; null for the system's folder for such files.</param>
/// <param name="largestChunk">The most bytes of one array.</param>
sealed class RowBytes(long memoryLimit = long.MaxValue, string? folder = null, int largestChunk = 1 << 26) : IDisposable
{
    const int SmallestChunk = 1 << 16;

    readonly Lock _lock = new();
    readonly List<byte[]> _chunks = [];
    int _used;
    RowFile? _file;

    /// <summary>
    /// Bytes that all rows take at the least, where that is known: the file is then made as large as it must be before much work is done.
    /// </summary>
    public long LeastLength { get; init; }

    /// <summary>The bytes that the rows' arrays take.</summary>
    public long MemoryLength { get; private set; }

    /// <summary>The bytes of rows in the file.</summary>
    public long FileLength => _file?.Length ?? 0;

    /// <summary>The folder of the file.</summary>
    public string Folder { get; } = folder ?? Path.GetTempPath();

    /// <exception cref="IOException">The file cannot be made, or the disk has no room for it.</exception>
    public RowPlace Add(ReadOnlySpan<byte> row)
    {
        RowPlace place;
        byte[] chunk;
        lock (_lock)
        {
            place = Reserve(row.Length);
            chunk = place.Chunk < 0 ? [] : _chunks[place.Chunk];
        }
        if (place.Chunk < 0)
            _file!.Write(row, place.Offset);
        else
            row.CopyTo(chunk.AsSpan((int)place.Offset));
        return place;
    }

    /// <summary>Ends the adding of rows.</summary>
    public void Complete() => _file?.Map();

    public ReadOnlySpan<byte> Read(RowPlace place) =>
        place.Chunk < 0 ? _file!.Read(place.Offset, place.Length) : _chunks[place.Chunk].AsSpan((int)place.Offset, place.Length);

    public void Dispose() => _file?.Dispose();

    RowPlace Reserve(int length)
    {
        if (_chunks.Count == 0 && _file is null && LeastLength > memoryLimit)
            _file = RowFile.Create(Folder, LeastLength - memoryLimit);

        if (_chunks.Count == 0 || _chunks[^1].Length - _used < length)
        {
            if (memoryLimit - MemoryLength < length)
                return new RowPlace(-1, length, (_file ??= RowFile.Create(Folder, expectedLength: 0)).Reserve(length));
            // As much again as there is, so that a few rows take little and many rows few arrays.
            var size = Math.Min(Math.Clamp(MemoryLength, SmallestChunk, largestChunk), memoryLimit - MemoryLength);
            _chunks.Add(GC.AllocateUninitializedArray<byte>((int)Math.Max(size, length)));
            MemoryLength += _chunks[^1].Length;
            _used = 0;
        }
        _used += length;
        return new RowPlace(_chunks.Count - 1, length, _used - length);
    }
}
