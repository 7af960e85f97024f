using System.Security.Cryptography;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// A copy of a model file in a private folder. Whatever happens to the file, the copy keeps the content that its hash names, also for a
/// process of the model that starts later.
/// </summary>
sealed class ModelCopy : IDisposable
{
    readonly DirectoryInfo _folder;

    ModelCopy(DirectoryInfo folder, string path, string hash) => (_folder, FilePath, Hash) = (folder, path, hash);

    public string FilePath { get; }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Copies a file, and its neighbours whose names begin with its name: weights in other files.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelCopy Of(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file '{file}'.", file);
        var folder = Directory.CreateTempSubdirectory("noisynn-serve-");
        try
        {
            var name = Path.GetFileName(file);
            foreach (var part in Directory.EnumerateFiles(Path.GetDirectoryName(file)!))
                if (Path.GetFileName(part).StartsWith(name, StringComparison.Ordinal))
                    File.Copy(part, Path.Combine(folder.FullName, Path.GetFileName(part)));
            var path = Path.Combine(folder.FullName, name);
            using var stream = File.OpenRead(path);
            return new(folder, path, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
