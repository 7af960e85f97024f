using System.IO.MemoryMappedFiles;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>
/// Memory that two processes see: the rows of a batch, and behind them its results. It is a file that only its user can read, in memory
/// where the system has a folder for that, and without a name as soon as both processes have opened it.
/// </summary>
sealed class SharedMemory : IDisposable
{
    const string MemoryFolder = "/dev/shm";
    const long Page = 4096;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    SharedMemory(FileStream file, long inputLength, long outputLength)
    {
        Path = file.Name;
        (InputLength, OutputLength) = (inputLength, outputLength);
        _file = MemoryMappedFile.CreateFromFile(
            file,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: false
        );
        _view = _file.CreateViewAccessor();
    }

    public string Path { get; }

    public long InputLength { get; }

    public long OutputLength { get; }

    long OutputOffset => Whole(InputLength);

    /// <summary>Makes memory for this many bytes.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static SharedMemory Create(long inputLength, long outputLength)
    {
        if (Directory.Exists(MemoryFolder))
            try
            {
                return Create(MemoryFolder, inputLength, outputLength);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                // Containers often have 64 MB there. An ordinary file does as well.
            }
        return Create(System.IO.Path.GetTempPath(), inputLength, outputLength);
    }

    /// <summary>Opens the memory that another process has made.</summary>
    public static SharedMemory Open(string path, long inputLength, long outputLength) =>
        new(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), inputLength, outputLength);

    /// <summary>Takes the name away; the memory stays until both processes let go of it.</summary>
    public void Unname()
    {
        // Windows keeps the name until the file is closed, and removes it then (DeleteOnClose).
        if (!OperatingSystem.IsWindows())
            File.Delete(Path);
    }

    // Copies, so that no other process changes, or takes away, what this one works on.
    public void WriteInput(ReadOnlySpan<byte> bytes) => _view.SafeMemoryMappedViewHandle.WriteSpan(0, bytes);

    public void ReadOutput(Span<byte> bytes) => _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)OutputOffset, bytes);

    public TensorMemory InputMemory => new(Address, InputLength, this);

    public TensorMemory OutputMemory => new(Address + (nint)OutputOffset, OutputLength, this);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    nint Address => _view.SafeMemoryMappedViewHandle.DangerousGetHandle();

    static SharedMemory Create(string folder, long inputLength, long outputLength)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            // Room that is promised and not there would end both processes (SIGBUS).
            PreallocationSize = Whole(inputLength) + Whole(outputLength),
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = System.IO.Path.Combine(folder, $"noisynn-{Guid.NewGuid():N}");
        var file = new FileStream(path, options);
        try
        {
            file.SetLength(options.PreallocationSize);
            return new(file, inputLength, outputLength);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    static long Whole(long length) => (Math.Max(length, 1) + Page - 1) / Page * Page;
}
