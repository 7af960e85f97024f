using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>
/// Finds the images below a folder, by one rule for training and scoring: all folders below it are searched, links are followed, names that
/// begin with a dot are left out.
/// </summary>
/// <param name="root">The folder that the user named; a link that leads out of it is counted.</param>
/// <param name="remains">Receives what is left out.</param>
sealed class ImageSearch(string root, FolderRemains remains)
{
    readonly string _root = Path.TrimEndingDirectorySeparator(ContainedPath.RealPath(root)) + Path.DirectorySeparatorChar;

    /// <summary>
    /// The paths of the images in ordinal order. A file or folder whose name is no UTF-8 is among them, because nobody can tell what it
    /// holds (<see cref="ImageFileNames.IsUnusable"/>).
    /// </summary>
    public IReadOnlyList<string> Find(string folder) => [.. Below(folder, [.. FoldersAround(folder)]).Order(StringComparer.Ordinal)];

    /// <summary>The names of the folders in a folder, in ordinal order, without hidden ones.</summary>
    public static IReadOnlyList<string> FoldersIn(string folder) =>
        [
            .. new DirectoryInfo(folder)
                .EnumerateDirectories()
                .Select(below => below.Name)
                .Where(name => !name.StartsWith('.'))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The same without links back to a folder around them, which are counted.</summary>
    public IReadOnlyList<string> ClassFoldersIn(string folder) =>
        [.. FoldersIn(folder).Where(name => !IsCircle(Path.Combine(folder, name)))];

    bool IsCircle(string folder)
    {
        if (ImageFileNames.IsUnusable(folder) || !FoldersAround(folder).Any(FileStatus.Of(folder, followsLink: true).IsSameFile))
            return false;
        remains.Circle(folder);
        return true;
    }

    /// <summary>The root and the folders on the way to a folder: a link to one of them would bring the images of other classes.</summary>
    IEnumerable<FileStatus> FoldersAround(string folder)
    {
        for (var path = folder; path.Length > root.Length && Path.GetDirectoryName(path) is { Length: > 0 } parent; path = parent)
            yield return FileStatus.Of(parent, followsLink: true);
    }

    IEnumerable<string> Below(string folder, FileStatus[] around)
    {
        var here = FileStatus.Of(folder, followsLink: true);
        if (around.Any(here.IsSameFile))
        {
            remains.Circle(folder);
            yield break;
        }
        if (folder != root && LeadsOut(new DirectoryInfo(folder)))
            remains.LinkOut(folder);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.Name.StartsWith('.'))
                remains.Hidden(path);
            else if (Directory.Exists(path))
                foreach (var image in Below(path, [.. around, here]))
                    yield return image;
            else if (ImageFileNames.IsUnusable(path))
                yield return path;
            else if (!ImageFileNames.IsImage(path))
                remains.OtherEnding(path);
            else
            {
                if (LeadsOut(entry))
                    remains.LinkOut(path);
                yield return path;
            }
        }
    }

    bool LeadsOut(FileSystemInfo entry)
    {
        if (entry.LinkTarget is null)
            return false;
        try
        {
            return !ContainedPath.RealPath(entry.FullName).StartsWith(_root, StringComparison.Ordinal);
        }
        catch (InvalidDataException)
        {
            // A link that points to itself is told where the file is read.
            return false;
        }
    }
}
