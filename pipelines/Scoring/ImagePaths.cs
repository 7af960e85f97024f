using NoisyNN.Pipelines.Data.Folders;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The image files that a command line names.</summary>
/// <param name="Files">Files as given and, sorted by name, the image files in folders and their subfolders.</param>
/// <param name="Notes">A sentence for each kind of thing that was left out or looks odd.</param>
sealed record ImagePaths(IReadOnlyList<string> Files, IReadOnlyList<string> Notes)
{
    /// <exception cref="FileNotFoundException">There is no such file or folder, or no image in a folder.</exception>
    public static ImagePaths Find(IEnumerable<string> paths)
    {
        var notes = new List<string>();
        string[] files = [.. paths.SelectMany(path => Expand(path, notes))];
        if (ImageFileNames.SameLooks(files).ToList() is [var first, ..] same)
            notes.Add(
                $"{same.Sum(group => group.Count())} files have names that differ only in their Unicode form; each has its row "
                    + $"(first: {first.First()})."
            );
        return new ImagePaths(files, notes);
    }

    static IReadOnlyList<string> Expand(string path, List<string> notes)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"there is no file or folder {path}.", path);

        var remains = new FolderRemains();
        var files = new ImageSearch(path, remains).Find(path);
        notes.AddRange(remains.Sentences());
        return files.Count > 0 ? files : throw new FileNotFoundException($"{path} holds no image ({ImageFileNames.Endings}).", path);
    }
}
