namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>What a check of one file against its manifest found.</summary>
/// <param name="File">The file as declared.</param>
/// <param name="Path">Where it was found; null if it is missing.</param>
/// <param name="Error">Why it cannot be used; null if it is what the manifest says.</param>
public sealed record FileVerification(ManifestFile File, string? Path, string? Error)
{
    /// <summary>Whether the file is exactly what the manifest says.</summary>
    public bool IsValid => Error is null;
}

/// <summary>Reads files only when they are, byte for byte, what the manifest says.</summary>
public static class VerifiedFile
{
    /// <summary>Finds, reads and checks a file. What is returned is the very memory that was hashed.</summary>
    /// <exception cref="FileNotFoundException">It is missing.</exception>
    /// <exception cref="InvalidDataException">Its size or hash differs; the message names file, expected, actual and remedy.</exception>
    public static byte[] Read(DataManifest manifest, ManifestFile file, string? dataRoot = null) =>
        ReadAt(FileLocator.Find(manifest, file, dataRoot), manifest, file);

    /// <summary>Checks every file of a data set; never throws for what a file holds.</summary>
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

    /// <summary>Whether there is a file at a path, and it is what the manifest says. A file that cannot be read is not.</summary>
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
