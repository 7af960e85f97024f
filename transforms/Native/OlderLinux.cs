using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace NoisyNN.Transforms.Native;

/// <summary>
/// Loads TorchSharp's native library on Linux systems that are older than the one it was built on (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// TorchSharp 0.107 asks libstdc++ for the versions GLIBCXX_3.4.30 and 3.4.32 (dotnet/TorchSharp 1552), which came with GCC 12 and 13. It needs
/// nothing that is new in them: <c>condition_variable::wait</c> exists since 3.4.11, and no code refers to <c>ios_base_library_init</c>. So a
/// copy in memory asks for 3.4.11 in their place. The runtime comes here only after the ordinary load failed; no file is written.
/// </remarks>
static partial class OlderLinux
{
    const string Library = "LibTorchSharp";
    const string CppLibrary = "libstdc++.so.6";
    const string Substitute = "GLIBCXX_3.4.11";
    static readonly string[] s_dispensable = ["GLIBCXX_3.4.30", "GLIBCXX_3.4.32"];
    static readonly Lock s_lock = new();
    static nint s_loaded;

    /// <summary>Comes into play when the runtime does not find, or cannot load, TorchSharp's native library.</summary>
    public static void Register()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) => name == Library ? Load() : 0;
    }

    static nint Load()
    {
        lock (s_lock)
            return s_loaded != 0 ? s_loaded : s_loaded = Find() is { } file ? Load(file) : 0;
    }

    static nint Load(string file)
    {
        var image = File.ReadAllBytes(file);
        var missing = Missing(image);
        if (missing.Count == 0)
            return 0; // Something else is wrong; the ordinary error says what.
        var unmet = missing.Where(version => !s_dispensable.Contains(version) || !SymbolVersions.Substitute(image, CppLibrary, version, Substitute));
        if (string.Join(", ", unmet) is { Length: > 0 } versions)
            throw new DllNotFoundException(
                $"TorchSharp's native library '{file}' needs {versions} of {CppLibrary}; this system's ends at {Newest(DefinedBySystem())}. " +
                "Use a system with a newer libstdc++ (GCC 13 or later), such as Debian 13, Ubuntu 24.04 or RHEL 10.");

        // They lie beside the file and would not be found from the copy.
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            if (NativeLibrary.TryLoad(Path.Combine(Path.GetDirectoryName(file)!, name), out _) is false && Locate(name) is { } beside)
                NativeLibrary.Load(beside);
        return LoadFromMemory(image, file);
    }

    /// <summary>The versions that the library needs of the system's libstdc++ and does not get, oldest first.</summary>
    internal static IReadOnlyList<string> Missing(ReadOnlySpan<byte> image)
    {
        var defined = DefinedBySystem();
        return [.. SymbolVersions.Needed(image).Where(need => need.Library == CppLibrary && !defined.Contains(need.Version)).Select(need => need.Version).Order(VersionOrder)];
    }

    /// <summary>The newest version that this system's libstdc++ defines, such as GLIBCXX_3.4.30.</summary>
    internal static string Newest(IEnumerable<string> versions) => versions.Where(version => version.StartsWith("GLIBCXX_3", StringComparison.Ordinal)).Max(VersionOrder) ?? "none";

    internal static IReadOnlyList<string> DefinedBySystem()
    {
        NativeLibrary.Load(CppLibrary);
        var file = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') is >= 0 and var start ? start : line.Length)..])
            .First(path => Path.GetFileName(path).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return SymbolVersions.Defined(File.ReadAllBytes(file));
    }

    static readonly Comparer<string> VersionOrder = Comparer<string>.Create(static (left, right) => Number(left).CompareTo(Number(right)));

    static Version Number(string version) => Version.TryParse(version[(version.IndexOf('_') + 1)..], out var number) ? number : new(0, 0);

    static nint LoadFromMemory(byte[] image, string file)
    {
        if (getrlimit(FileSize, out var limit) == 0 && limit.Current < (ulong)image.Length)
            throw new DllNotFoundException($"TorchSharp's native library '{file}' needs a copy of {image.Length} bytes in memory on this system, and 'ulimit -f' allows {limit.Current}. Raise the limit.");

        using var memory = new SafeFileHandle(memfd_create(Library, CloseOnExec), ownsHandle: true);
        if (memory.IsInvalid)
            throw new DllNotFoundException($"TorchSharp's native library '{file}' needs a copy in memory on this system: {Marshal.GetLastPInvokeErrorMessage()}");
        RandomAccess.Write(memory, image, 0);
        return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
    }

    static string? Find() => Locate($"lib{Library}.so");

    /// <summary>Where the runtime looks for native libraries: beside the program, and in the folders of packages.</summary>
    static string? Locate(string name)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory);
        return folders.SelectMany(path => (string[])[path, Path.Combine(path, "runtimes", "linux-x64", "native")])
            .Select(path => Path.Combine(path, name))
            .FirstOrDefault(File.Exists);
    }

    const uint CloseOnExec = 1;
    const int FileSize = 1;

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Current, Maximum;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limit limit);
}
