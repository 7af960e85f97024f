using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>A file of a data set after a download.</summary>
/// <param name="File">The file as declared.</param>
/// <param name="Path">Where it is.</param>
/// <param name="IsFetched">Whether this call fetched it; false if it was there already.</param>
sealed record FetchedFile(ManifestFile File, string Path, bool IsFetched);

/// <summary>Fetches the missing files of a data set, one after the other, from the addresses of its manifest.</summary>
/// <param name="manifest">The data set.</param>
/// <param name="into">The folder for the files; null for the one of <see cref="DataFolder"/>.</param>
/// <param name="observer">Follows the work.</param>
/// <param name="options">Timeouts and retries; null for the defaults.</param>
sealed class DataSetDownload(DataManifest manifest, string? into, IDownloadObserver observer, DownloadOptions? options = null)
{
    readonly DownloadOptions _options = options ?? new();

    /// <summary>The folder that the files go into.</summary>
    /// <exception cref="InvalidOperationException">The environment names no home, and <c>into</c> is null.</exception>
    public string Folder { get; } = into is null ? DataFolder.Require(manifest.Name) : Path.GetFullPath(into);

    /// <summary>Fetches what is missing.</summary>
    /// <returns>All files, in the manifest's order.</returns>
    /// <exception cref="InvalidDataException">The manifest's names lead out of the folder, or a file has no address.</exception>
    /// <exception cref="IOException">A file cannot be fetched or written; the message says how to get it by hand.</exception>
    public async Task<IReadOnlyList<FetchedFile>> RunAsync(CancellationToken cancellation = default)
    {
        var present = manifest.Files.Select(FindWhole).ToList();
        var missing = manifest.Files.Where((_, index) => present[index] is null).ToList();
        var fetched = missing.Count > 0 ? await FetchAsync(missing, cancellation).ConfigureAwait(false) : [];
        return [.. manifest.Files.Zip(present, (file, path) => new FetchedFile(file, path ?? PathOf(file), fetched.Contains(file)))];
    }

    /// <summary>Fetches files, and reports those that this process and no other one has fetched.</summary>
    async Task<HashSet<ManifestFile>> FetchAsync(List<ManifestFile> missing, CancellationToken cancellation)
    {
        if (missing.Find(file => file.Url is null) is { } local)
            throw new InvalidDataException($"{local.Name} has no address to fetch it from. It belongs beside {manifest.Path}.");
        MakeFolder();
        var paths = missing.ConvertAll(PathOf);
        var total = missing.Sum(file => file.Size);
        RequireRoom(total - paths.Zip(missing, LengthOfPart).Sum());
        observer.Begin(total);

        var fetched = new HashSet<ManifestFile>();
        using var client = HttpSource.CreateClient();
        foreach (var (file, path) in missing.Zip(paths))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (await new FileDownload(client, file, path, _options, observer).RunAsync(cancellation).ConfigureAwait(false))
                    fetched.Add(file);
            }
            catch (DownloadException failure)
            {
                throw Explain(failure, file, [.. missing.Skip(missing.IndexOf(file) + 1)]);
            }
        }
        return fetched;
    }

    /// <summary>The place of an intact file: in the folder that the user named, or else where the program would read it.</summary>
    string? FindWhole(ManifestFile file)
    {
        var path = into is null
            ? FileLocator.Candidates(manifest, file, dataRoot: null).FirstOrDefault(File.Exists)
            : Path.Combine(Folder, file.Name);
        return path is not null && VerifiedFile.IsWhole(path, file) ? path : null;
    }

    string PathOf(ManifestFile file)
    {
        // "a" and "a.part" would share a file.
        if (file.Name.EndsWith(".part", StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException(
                $"{manifest.Path}: {file.Name} has the ending of unfinished downloads. Rename the file in the manifest."
            );
        _ = ContainedPath.Resolve(Folder, PartialFile.PartOf(file.Name));
        _ = ContainedPath.Resolve(Folder, PartialFile.VersionOf(file.Name));
        return ContainedPath.Resolve(Folder, file.Name);
    }

    void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The folder '{Folder}' cannot be created: {exception.Message} Name another one with --into FOLDER.",
                exception
            );
        }
    }

    void RequireRoom(long bytes)
    {
        if (_options.AvailableBytes(Folder) is var room && room < bytes)
            throw new IOException(
                FormattableString.Invariant(
                    $"{manifest.Name} needs {bytes:N0} bytes more, but the disk of '{Folder}' has room for {room:N0}. "
                ) + "Make room, or name another folder with --into FOLDER."
            );
    }

    static long LengthOfPart(string path, ManifestFile file) =>
        new FileInfo(PartialFile.PartOf(path)) is { Exists: true } part && part.Length <= file.Size ? part.Length : 0;

    IOException Explain(DownloadException failure, ManifestFile file, IReadOnlyList<ManifestFile> others)
    {
        foreach (var other in others)
            observer.Note($"also missing: {other.Name}, SHA-256 {other.Sha256}, from {other.Url}");
        return new IOException(
            $"{file.Url} {failure.Message}: run the command again later, or get {file.Name} with the SHA-256 {file.Sha256} "
                + $"from another machine and put it into {Folder}.",
            failure
        );
    }
}
