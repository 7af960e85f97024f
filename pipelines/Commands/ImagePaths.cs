using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Commands;

/// <summary>The image files that a command line names.</summary>
static class ImagePaths
{
    /// <summary>Files as given and, sorted by name, the image files in folders and their subfolders.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or no image in a folder.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) => [.. paths.SelectMany(Expand)];

    static string[] Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"there is no file or folder {path}.", path);

        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(ImageFileNames.IsImage)
            .Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new FileNotFoundException($"{path} holds no image ({ImageFileNames.Endings}).", path);
    }
}
