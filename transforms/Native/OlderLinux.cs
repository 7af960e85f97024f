using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace NoisyNN.Transforms.Native;

/// <summary>
/// Loads TorchSharp's native library on Linux systems that are older than the one it was built on (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// TorchSharp 0.107 asks libstdc++ for the versions GLIBCXX_3.4.30 and 3.4.32 (dotnet/TorchSharp 1552), which came with GCC 12 and 13. It
/// needs nothing that is new in them: <c>condition_variable::wait</c> exists since 3.4.11, and no code refers to
/// <c>ios_base_library_init</c>. So a copy in memory asks for 3.4.11 instead. The runtime calls this class only after the ordinary load has
/// failed, and no file is written.
/// </remarks>
static partial class OlderLinux
{
    /// <summary>The name under which TorchSharp loads its native library.</summary>
    public const string Library = "LibTorchSharp";

    const string Substitute = "GLIBCXX_3.4.11";
    static readonly string[] s_dispensable = ["GLIBCXX_3.4.30", "GLIBCXX_3.4.32"];
    static readonly Lock s_lock = new();
    static nint s_loaded;

    /// <summary>Whether the library in use is a copy in memory.</summary>
    public static bool IsInUse => s_loaded != 0;

    /// <summary>Registers for the event that the runtime cannot find or load TorchSharp's native library.</summary>
    public static void Register()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) => Resolve(name);
    }

    /// <summary>The library of this name, or 0 if this class cannot load it; the runtime then reports the ordinary error.</summary>
    /// <exception cref="LibtorchUnavailableException">The system is too old, or a limit is too small.</exception>
    internal static nint Resolve(string name)
    {
        if (name != Library)
            return 0;
        lock (s_lock)
            return s_loaded != 0 ? s_loaded : s_loaded = NativeFolders.Find($"lib{Library}.so") is { } file ? Load(file) : 0;
    }

    /// <summary>Changes an image of the library so that it needs only versions that this system has.</summary>
    /// <param name="image">TorchSharp's native library.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="defined">The versions that the system has.</param>
    /// <returns>Whether anything had to be changed.</returns>
    /// <exception cref="LibtorchUnavailableException">The library needs other versions than the two that it can do without.</exception>
    internal static bool Adapt(Span<byte> image, string file, DefinedVersions defined)
    {
        var missing = SystemVersions.Missing(image, defined);
        var unmet = new List<(string, string)>();
        foreach (var (library, version) in missing)
            if (
                library != SystemVersions.CppLibrary
                || !s_dispensable.Contains(version)
                || !SymbolVersions.Substitute(image, library, version, Substitute)
            )
                unmet.Add((library, version));
        return unmet.Count == 0 ? missing.Count > 0 : throw LibtorchUnavailableException.ForSystem(file, unmet, defined);
    }

    static nint Load(string file)
    {
        var image = File.ReadAllBytes(file);
        try
        {
            if (!Adapt(image, file, SystemVersions.Defined))
                return 0;
        }
        catch (InvalidDataException)
        {
            return 0; // It is not a library, which the ordinary error reports.
        }

        // These lie beside the file, and the copy would not find them.
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            if (NativeFolders.Find(name) is { } beside)
                NativeLibrary.Load(beside);
        return LoadFromMemory(image, file);
    }

    static nint LoadFromMemory(byte[] image, string file)
    {
        // Beyond the limit a write ends the process.
        if (getrlimit(FileSize, out var limit) == 0 && limit.Current < (ulong)image.Length)
            throw new LibtorchUnavailableException(
                $"TorchSharp's native library '{file}' needs a copy of {image.Length} bytes in memory on this system, "
                    + $"and 'ulimit -f' allows files of {limit.Current} bytes.",
                $"Raise the limit to {(image.Length + 1023) / 1024} KiB or more."
            );

        using var memory = new SafeFileHandle(memfd_create(Library, CloseOnExec), ownsHandle: true);
        if (memory.IsInvalid)
            throw CannotCopy(Marshal.GetLastPInvokeErrorMessage());
        RandomAccess.Write(memory, image, 0);
        try
        {
            return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
        }
        catch (DllNotFoundException refused)
        {
            throw CannotCopy(refused.Message);
        }

        LibtorchUnavailableException CannotCopy(string reason) =>
            new(
                $"TorchSharp's native library '{file}' needs a copy in memory here, which the system refuses: {reason.TrimEnd('.')}.",
                $"Allow executable memory files (sysctl vm.memfd_noexec), or {LibtorchUnavailableException.NewerSystem}."
            );
    }

    const uint CloseOnExec = 1;
    const int FileSize = 1;

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Current,
            Maximum;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limit limit);
}
