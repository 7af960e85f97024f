namespace NoisyNN.Transforms.Native;

/// <summary>libtorch, or TorchSharp's native library above it, cannot be loaded on this system.</summary>
sealed class LibtorchUnavailableException(string cause, string remedy, Exception? inner = null)
    : DllNotFoundException($"{cause} {remedy}", inner)
{
    /// <summary>The systems on which TorchSharp 0.107 loads unchanged.</summary>
    internal const string NewerSystem = "use a system with the libstdc++ of GCC 13 or later, such as Debian 13, Ubuntu 24.04 or RHEL 10";

    /// <summary>The cause, as a sentence.</summary>
    public string Cause { get; } = cause;

    /// <summary>The remedy, as a sentence.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Reports that the system's libraries are too old.</summary>
    /// <param name="file">The library that needs newer ones.</param>
    /// <param name="missing">The versions that it needs and the system lacks.</param>
    /// <param name="defined">The versions that the system has.</param>
    public static LibtorchUnavailableException ForSystem(
        string file,
        IEnumerable<(string Library, string Version)> missing,
        DefinedVersions defined
    )
    {
        var gaps =
            from need in missing
            group need.Version by need.Library into versions
            let newest = SystemVersions.Newest(defined(versions.Key), of: versions.Last())
            let found = newest is null ? "this system has none" : $"this system's ends at {newest}"
            select $"{string.Join(", ", versions)} of {versions.Key} ({found})";
        return new($"'{file}' needs {string.Join(" and ", gaps)}.", $"To run it, {NewerSystem}.");
    }
}
