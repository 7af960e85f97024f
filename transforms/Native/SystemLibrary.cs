using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Native;

/// <summary>Functions of the system's C library on Linux.</summary>
static partial class SystemLibrary
{
    static readonly string[] s_allocatorVariables =
    [
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
        "MALLOC_TOP_PAD_",
        "MALLOC_MMAP_MAX_",
    ];
    static readonly Lazy<bool> s_keepsFreedMemory = new(KeepsFreedMemory);

    /// <summary>
    /// Lets glibc's allocator keep the memory that libtorch frees. Otherwise each step of a training faults tens of thousands of pages in
    /// again. The call does nothing if the user has set the allocator (<c>MALLOC_..._</c>, <c>GLIBC_TUNABLES</c>), and with other C
    /// libraries.
    /// </summary>
    /// <returns>Whether the allocator is set so, by this call or an earlier one.</returns>
    public static bool KeepFreedMemory() => s_keepsFreedMemory.Value;

    /// <summary>Sets a variable for native libraries, unless the user has set it. .NET's own call does not reach them.</summary>
    public static void SetDefault(string variable, string value)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            setenv(variable, value, overwrite: 0);
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
#pragma warning disable RS0030 // For managed readers of the variable, beside the native ones.
            Environment.SetEnvironmentVariable(variable, value);
#pragma warning restore RS0030
    }

    /// <summary>
    /// Sets a variable for the native libraries of this process only, unless the user has set it. Child processes do not get it.
    /// </summary>
    public static void SetNativeDefault(string variable, string value)
    {
        // From now on .NET has its own copy of all variables.
        _ = Environment.GetEnvironmentVariables();
        setenv(variable, value, overwrite: 0);
    }

    /// <summary>A variable as native libraries see it; null if it is not set.</summary>
    public static string? Get(string variable) =>
        OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable(variable) : Marshal.PtrToStringUTF8(getenv(variable));

    static bool KeepsFreedMemory()
    {
        if (
            !OperatingSystem.IsLinux()
            || !MaySetAllocator(Environment.GetEnvironmentVariable)
            || !NativeLibrary.TryLoad("libc.so.6", out var glibc)
            || !NativeLibrary.TryGetExport(glibc, "mallopt", out _)
        )
            return false;
        // Blocks up to 32 MiB, the largest allowed threshold, come from the heap. The heap grows in steps of 64 MiB and never shrinks.
        return mallopt(MmapThreshold, 32 << 20) != 0 && mallopt(TrimThreshold, int.MaxValue) != 0 && mallopt(TopPad, 64 << 20) != 0;
    }

    /// <summary>Whether no environment variable sets the allocator already.</summary>
    /// <param name="variable">Gives the value of a variable; null if it is not set.</param>
    internal static bool MaySetAllocator(Func<string, string?> variable) =>
        s_allocatorVariables.All(name => string.IsNullOrEmpty(variable(name)))
        && variable("GLIBC_TUNABLES")?.Contains("glibc.malloc.", StringComparison.Ordinal) != true;

    // malloc.h
    const int TrimThreshold = -1,
        TopPad = -2,
        MmapThreshold = -3;

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
