using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>Limits that the process of a model sets itself, before it has read anything of the model. Linux alone.</summary>
static partial class MemoryLimit
{
    // resource.h
    const int Data = 2,
        Core = 4;

    /// <summary>Whether the system enforces the limit from now on.</summary>
    /// <param name="bytes">Private memory that the process may have.</param>
    public static bool TrySet(long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        // A crash leaves no image of the memory on the disk.
        _ = Set(Core, 0);
        return Set(Data, (ulong)bytes);
    }

    static bool Set(int resource, ulong value)
    {
        // A limit that is lower already stays.
        if (getrlimit(resource, out var limit) != 0)
            return false;
        var lower = Math.Min(value, limit.Maximum);
        return setrlimit(resource, new Limit { Current = lower, Maximum = lower }) == 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Current,
            Maximum;
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);
}
