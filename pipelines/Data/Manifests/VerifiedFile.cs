namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>The result of checking one file against its manifest.</summary>
/// <param name="File">The file as declared.</param>
/// <param name="Path">Where it was found; null if it is missing.</param>
/// <param name="Error">The reason why the file cannot be used; null if it matches the manifest.</param>
public sealed record FileVerification(ManifestFile File, string? Path, string? Error)
{
    /// <summary>Whether the file exactly matches the manifest.</summary>
    public bool IsValid => Error is null;
}

/// <summary>Reads files that match their manifest byte for byte, and no others.</summary>
public static class VerifiedFile
{
    /// <summary>Finds, reads and checks a file. The bytes that it returns are those in memory that were hashed.</summary>
    /// <exception cref="FileNotFoundException">It is missing.</exception>
    /// <exception cref="InvalidDataException">Its size or hash differs; the message names file, expected, actual and remedy.</exception>
    public static byte[] Read(DataManifest manifest, ManifestFile file, string? dataRoot = null) =>
        ReadAt(FileLocator.Find(manifest, file, dataRoot), manifest, file);

    /// <summary>Checks every file of a data set. The content of a file never causes an exception.</summary>
    public static IReadOnlyList<FileVerification> Verify(DataManifest manifest, string? dataRoot = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return [.. manifest.Files.Select(Verify)];

        FileVerification Verify(ManifestFile file)
        {
            string? path = null;
            try
            {
                path = FileLocator.Find(manifest, file, dataRoot);
                ReadAt(path, manifest, file);
                return new FileVerification(file, path, null);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                return new FileVerification(file, path, exception.Message);
            }
        }
    }

    /// <summary>Whether a file at a path exists, can be read and matches the manifest.</summary>
    internal static bool IsWhole(string path, ManifestFile file)
    {
        if (new FileInfo(path) is not { Exists: true } info || info.Length != file.Size)
            return false;
        try
        {
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 0,
                FileOptions.SequentialScan
            );
            return ContentHash.Of(stream) == file.Sha256;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static byte[] ReadAt(string path, DataManifest manifest, ManifestFile file)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (stream.Length != file.Size)
            throw Refusal("size", $"{file.Size} bytes", $"{stream.Length} bytes");
        var content = new byte[file.Size];
        stream.ReadExactly(content);
        var actual = ContentHash.Of(content);
        return actual == file.Sha256 ? content : throw Refusal("sha256", file.Sha256, actual);

        InvalidDataException Refusal(string what, string expected, string found) =>
            new(
                $"{path} is not the {file.Name} that {manifest.Path} describes: {what} expected {expected}, actual {found}. "
                    + FileLocator.Remedy(manifest, file, reinstall: true)
            );
    }
}
