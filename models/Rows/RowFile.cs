using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace NoisyNN.Models.Rows;

/// <summary>
/// A temporary file of rows, mapped into memory once they are written: the system keeps in memory what it has room for. Nothing of it stays
/// behind, however the process ends.
/// </summary>
sealed unsafe class RowFile : IDisposable
{
    readonly SafeFileHandle _file;
    readonly string _folder;
    MemoryMappedFile? _map;
    MemoryMappedViewAccessor? _view;
    byte* _start;

    RowFile(SafeFileHandle file, string folder) => (_file, _folder) = (file, folder);

    /// <summary>The bytes that are reserved.</summary>
    public long Length { get; private set; }

    /// <param name="folder">Where the file is made.</param>
    /// <param name="expectedLength">The bytes that the disk must have room for from the start; 0 where that is not known.</param>
    /// <exception cref="IOException">The folder cannot be written to, or its disk has too little room.</exception>
    public static RowFile Create(string folder, long expectedLength)
    {
        var path = Path.Combine(folder, $"rows-{Guid.NewGuid():N}.tmp");
        try
        {
            if (FreeLength(folder) is { } free && free < expectedLength)
                throw new IOException("The disk has too little room.");
            var file = File.OpenHandle(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                FileOptions.DeleteOnClose | FileOptions.RandomAccess,
                expectedLength
            );
            // Windows deletes the file with its last handle, also that of a killed process. Elsewhere a file without a name lasts as long
            // as its handles.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return new RowFile(file, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(folder, expectedLength, exception);
        }
    }

    /// <summary>The offset of as many bytes more. One thread at a time.</summary>
    public long Reserve(int length)
    {
        Length += length;
        return Length - length;
    }

    /// <summary>Written, not stored into the mapping: a full disk is an error here, and would be the end of the process there.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        // A file that is larger than its file system or a quota allows is an argument out of range to .NET.
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            throw Error(_folder, Length, exception);
        }
    }

    /// <summary>Makes what was written readable.</summary>
    public void Map()
    {
        // An empty file cannot be mapped.
        if (Length == 0)
            return;
        _map = MemoryMappedFile.CreateFromFile(
            _file,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>Valid until the file is disposed.</summary>
    public ReadOnlySpan<byte> Read(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose()
    {
        if (_start is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    /// <summary>Null where the system does not tell, as for a folder of another machine.</summary>
    static long? FreeLength(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(folder))! : folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static IOException Error(string folder, long length, Exception cause) =>
        new(
            FormattableString.Invariant(
                $"The rows beyond RowMemoryBytes do not fit into a temporary file in '{folder}': at least {length:N0} bytes are needed"
            )
                + (FreeLength(folder) is { } free ? FormattableString.Invariant($", {free:N0} are free") : "")
                + $". {cause.Message} Make room, set WorkspacePath (or the system's temporary folder) to a larger disk, or train on fewer or smaller rows.",
            cause
        );
}
