using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Native;

/// <summary>The symbol versions that a library of the system defines, by its name.</summary>
delegate IReadOnlyList<string> DefinedVersions(string library);

/// <summary>The symbol versions that a Linux system's own libraries, such as libc and libstdc++, offer to others.</summary>
static partial class SystemVersions
{
    /// <summary>The library that comes with the system's GCC.</summary>
    public const string CppLibrary = "libstdc++.so.6";

    static readonly Comparer<string> s_order = Comparer<string>.Create(static (left, right) => Number(left).CompareTo(Number(right)));

    /// <summary>Every version that one of the system's libraries defines; none if the system does not have the library.</summary>
    public static IReadOnlyList<string> Defined(string library)
    {
        if (FileOf(library) is not { } path)
            return [];
        using var file = new MappedFile(path);
        return SymbolVersions.Defined(file.Content);
    }

    /// <summary>The versions that a library needs and the system's libraries lack, oldest first.</summary>
    /// <param name="image">The library, a 64-bit ELF file.</param>
    /// <param name="defined">The versions that the system has.</param>
    public static IReadOnlyList<(string Library, string Version)> Missing(ReadOnlySpan<byte> image, DefinedVersions defined) =>
        [
            .. from need in SymbolVersions.Needed(image)
            group need by need.Library into needs
            where NativeFolders.Find(needs.Key) is null
            let found = defined(needs.Key).ToHashSet()
            from need in needs
            where !found.Contains(need.Version)
            orderby need.Library, Number(need.Version)
            select need,
        ];

    /// <summary>The newest version of the family of a version, such as GLIBCXX; null if there is none.</summary>
    public static string? Newest(IEnumerable<string> versions, string of) =>
        versions.Where(version => Family(version) == Family(of) && Number(version) != s_none).Max(s_order);

    /// <summary>The file of a library in this process; null if the system does not have the library.</summary>
    internal static string? FileOf(string library)
    {
        const int LinkMap = 2;
        // It stays loaded, because libtorch needs it, too.
        if (!NativeLibrary.TryLoad(library, out var handle) || dlinfo(handle, LinkMap, out var map) != 0)
            return null;
        // struct link_map: the address, then the path.
        return Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(map, nint.Size)) is { Length: > 0 } path ? path : null;
    }

    static readonly Version s_none = new(0, 0);

    static string Family(string version) => version.Split('_')[0];

    static Version Number(string version) => Version.TryParse(version[(version.LastIndexOf('_') + 1)..], out var number) ? number : s_none;

    [LibraryImport("libdl.so.2")]
    private static partial int dlinfo(nint handle, int request, out nint map);
}
