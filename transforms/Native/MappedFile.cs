using System.IO.MemoryMappedFiles;

namespace NoisyNN.Transforms.Native;

/// <summary>A file whose pages are read on access; the files of libtorch have hundreds of megabytes.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _start;
    readonly int _length;

    /// <exception cref="IOException">The file cannot be read, or is longer than 2 GiB.</exception>
    public MappedFile(string path)
    {
        using var handle = File.OpenHandle(path);
        var length = RandomAccess.GetLength(handle);
        _length = length is > 0 and <= int.MaxValue
            ? (int)length
            : throw new IOException($"'{path}' has {length} bytes; 1 to {int.MaxValue} can be read.");
        _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Its bytes, until it is disposed.</summary>
    public ReadOnlySpan<byte> Content => new(_start, _length);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
