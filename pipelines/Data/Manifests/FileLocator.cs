namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>
/// The places where a file of a data set is looked for, in this order. They are the folder that the user names (in code, or in the
/// environment variable <c>NOISYNN_DATA</c>), the manifest's own folder, the user's data folder (<see cref="DataFolder"/>), Debian's path,
/// and the cache <c>~/.cache/noisynn</c>. A file that <c>data get</c> fetched comes before an installed one.
/// </summary>
public static class FileLocator
{
    /// <summary>The environment variable that names the folder with the data.</summary>
    public const string DataRootVariable = "NOISYNN_DATA";

    /// <summary>Finds a file.</summary>
    /// <param name="manifest">The data set.</param>
    /// <param name="file">One of its files.</param>
    /// <param name="dataRoot">The folder that the user named; null leaves it to the environment variable.</param>
    /// <exception cref="FileNotFoundException">
    /// The file is in none of the places; the message lists them and says how to get it.
    /// </exception>
    public static string Find(DataManifest manifest, ManifestFile file, string? dataRoot = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(file);
        var candidates = Candidates(manifest, file, dataRoot).ToList();
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"{file.Name} of {manifest.Name} is missing. Looked for at {string.Join(", ", candidates)}. {Remedy(manifest, file)}",
                file.Name
            );
    }

    /// <summary>
    /// How a user gets the file: the command that fetches it, the Debian package, or the address and the folder to put it in.
    /// </summary>
    public static string Remedy(DataManifest manifest, ManifestFile file, bool reinstall = false)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(file);
        var package =
            file.Debian is { } debian && manifest.ComesWithProgram
                ? $"On Debian: apt-get install {(reinstall ? "--reinstall " : "")}{debian.Package}."
                : null;
        if (file.Url is null)
            return package ?? $"It belongs beside {manifest.Path}.";
        var folder = DataFolder.Find(manifest.Name) ?? $"a folder that {DataRootVariable} names";
        var fetch = $"noisynn data get {(manifest.ComesWithProgram ? manifest.Name : $"'{manifest.Path}'")}";
        return $"{(package is null ? "Run" : $"{package} Elsewhere:")} {fetch}, or download {file.Url} into {folder}.";
    }

    /// <summary>The folder that the environment variable names; null if it is not set.</summary>
    internal static string? DataRoot() =>
        Environment.GetEnvironmentVariable(DataRootVariable) is { } root && !string.IsNullOrWhiteSpace(root) ? root : null;

    /// <summary>All places of a file, in the order of the search.</summary>
    internal static IEnumerable<string> Candidates(DataManifest manifest, ManifestFile file, string? dataRoot)
    {
        if ((string.IsNullOrWhiteSpace(dataRoot) ? DataRoot() : dataRoot) is { } root)
        {
            yield return Path.Combine(root, manifest.Name, file.Name);
            yield return Path.Combine(root, file.Name);
        }
        if (file.RelativePath is { } relative)
            yield return ContainedPath.Resolve(Path.GetDirectoryName(manifest.Path)!, relative);
        if (file.RelativePath is null && DataFolder.OfUser(manifest.Name) is { } folder)
            yield return Path.Combine(folder, file.Name);
        if (file.Debian is { } debian)
            yield return debian.Path;
        if (file.RelativePath is null)
            yield return Path.Combine(CacheFolder(manifest), file.Name);
    }

    static string CacheFolder(DataManifest manifest)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "noisynn", manifest.Name);
    }
}
