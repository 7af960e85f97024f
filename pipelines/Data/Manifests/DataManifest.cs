namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>Where Debian installs a file: the package and the absolute path.</summary>
public sealed record DebianLocation(string Package, string Path);

/// <summary>One file of a data set, as its manifest declares it.</summary>
/// <param name="Id">The identifier within the manifest.</param>
/// <param name="Name">The file name, without folders.</param>
/// <param name="Url">Its public address; null for a file that lies beside the manifest.</param>
/// <param name="RelativePath">Its path below the manifest's folder; null for a file with an address.</param>
/// <param name="Debian">The place where Debian installs it; null if it does not.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record ManifestFile(string Id, string Name, Uri? Url, string? RelativePath, DebianLocation? Debian, long Size, string Sha256)
{
    /// <summary>The format of its content.</summary>
    public ManifestFormat Format { get; init; }
}

/// <summary>One split of images with labels: which files hold it and how large its images are.</summary>
/// <param name="Split">The split's name, the first part of a row's identity.</param>
/// <param name="Images">The file with the pixels.</param>
/// <param name="Labels">The file with the classes: another IDX file, or the same file in any other format.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels of a row.</param>
public sealed record ManifestSplit(string Split, ManifestFile Images, ManifestFile Labels, int Height, int Width)
{
    /// <summary>Channels of an image: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; init; } = 1;
}

/// <summary>The content of a data set's <c>croissant.json</c>: its files with their hashes, its classes, its splits.</summary>
/// <remarks>
/// The format is Croissant 1.1 (http://mlcommons.org/croissant/1.1). <see cref="CroissantReader"/> says which part of it is read.
/// </remarks>
public sealed record DataManifest
{
    /// <summary>
    /// The folder of the manifests. It is looked for in the working directory, in the program's directory, and in their parents.
    /// </summary>
    public const string FolderName = "data-manifests";

    /// <summary>The file name of a manifest.</summary>
    public const string FileName = "croissant.json";

    /// <summary>Absolute path of the manifest.</summary>
    public required string Path { get; init; }

    /// <summary>The data set's name.</summary>
    public required string Name { get; init; }

    /// <summary>Every file, in the manifest's order.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Class names by class index.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The training split.</summary>
    public required ManifestSplit Train { get; init; }

    /// <summary>The published validation split; null where there is none and it is cut from <see cref="Train"/>.</summary>
    public ManifestSplit? Validation { get; init; }

    /// <summary>The test split.</summary>
    public required ManifestSplit Test { get; init; }

    /// <summary>The data set's fingerprint: SHA-256 over its files' hashes and names.</summary>
    public string Sha256 => ContentHash.OfListing(Files.Select(file => (file.Sha256, file.Name)));

    /// <summary>
    /// Whether the manifest came with the program. For any other manifest, messages name no package, because anybody may have written it.
    /// </summary>
    internal bool ComesWithProgram =>
        Ancestors(AppContext.BaseDirectory)
            .Any(folder =>
                Path.StartsWith(
                    System.IO.Path.Combine(folder, FolderName) + System.IO.Path.DirectorySeparatorChar,
                    StringComparison.Ordinal
                )
            );

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The manifest is malformed; the message names file and JSON path.</exception>
    public static DataManifest Read(string path) => CroissantReader.Read(path);

    /// <summary>Finds and reads a manifest by its path, its folder, or the bare name of a folder below <c>data-manifests</c>.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message names the places that were searched.</exception>
    /// <exception cref="InvalidDataException">The manifest is malformed; the message names file and JSON path.</exception>
    public static DataManifest Find(string pathOrName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pathOrName);
        if (File.Exists(pathOrName))
            return Read(pathOrName);
        if (File.Exists(System.IO.Path.Combine(pathOrName, FileName)))
            return Read(System.IO.Path.Combine(pathOrName, FileName));

        var folders = ManifestFolders().ToList();
        // A name is the name of one folder. Anything else is a path to a file that is not there.
        if (System.IO.Path.GetFileName(pathOrName) == pathOrName && pathOrName is not ("." or ".."))
            foreach (var folder in folders)
                if (System.IO.Path.Combine(folder, pathOrName, FileName) is var path && File.Exists(path))
                    return Read(path);

        var known = folders
            .SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(System.IO.Path.Combine(folder, FileName)))
            .Select(folder => System.IO.Path.GetFileName(folder))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        throw new FileNotFoundException(
            $"There is no data set \"{pathOrName}\": neither a manifest at that path nor a folder of that name in {FolderName}. "
                + (known.Count == 0 ? $"No folder {FolderName} was found either." : $"Known by name: {string.Join(", ", known)}."),
            pathOrName
        );
    }

    static IEnumerable<string> ManifestFolders() =>
        from start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
        from folder in Ancestors(start)
        let candidate = System.IO.Path.Combine(folder, FolderName)
        where Directory.Exists(candidate)
        select candidate;

    static IEnumerable<string> Ancestors(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
