using System.Text;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The image files that a command line names.</summary>
static class ImagePaths
{
    /// <summary>Files as given and, sorted by name, the image files in folders and their subfolders.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or no image in a folder.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) => [.. paths.SelectMany(Expand)];

    /// <summary>The reason why a file with such a name is left out.</summary>
    public const string UnusableName = "its name is not valid UTF-8, so it cannot be opened. Rename it (convmv -f latin1 -t utf8).";

    /// <summary>Whether a file was found but cannot be opened, because .NET cannot represent its name in UTF-8.</summary>
    public static bool IsUnusableName(string path) => path.Contains('\uFFFD', StringComparison.Ordinal) && !File.Exists(path);

    /// <summary>
    /// A line for each name that looks the same as another one. Such names differ only in their Unicode form, like those of macOS and
    /// Linux.
    /// </summary>
    public static IEnumerable<string> SameLooks(IReadOnlyList<string> files) =>
        from file in files
        where !Ascii.IsValid(file) && !IsUnusableName(file)
        group file by UnicodeForm.Decompose(file) into same
        where same.Distinct(StringComparer.Ordinal).Count() > 1
        select $"note: {same.Key} is the name of {same.Distinct(StringComparer.Ordinal).Count()} files, whose names differ only "
            + "in their Unicode form; each has its row.";

    static string[] Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"there is no file or folder {path}.", path);

        string[] files =
        [
            .. FilesBelow(path).Where(file => ImageFileNames.IsImage(file) || IsUnusableName(file)).Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new FileNotFoundException($"{path} holds no image ({ImageFileNames.Endings}).", path);
    }

    /// <summary>
    /// All files below a folder. A folder that cannot be entered under the name that .NET gives it is returned itself.
    /// </summary>
    static IEnumerable<string> FilesBelow(string folder, params FileStatus[] around)
    {
        // A link to a folder that is being read leads in a circle and adds no files.
        var here = FileStatus.Of(folder, followsLink: true);
        return around.Any(here.IsSameFile)
            ? []
            : Directory
                .EnumerateFileSystemEntries(folder)
                .SelectMany(entry => Directory.Exists(entry) ? FilesBelow(entry, [.. around, here]) : [entry]);
    }
}
