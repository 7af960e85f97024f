using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>One image file of a folder.</summary>
/// <param name="Id">Its path below the folder, with forward slashes.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Class">The index of its class.</param>
/// <param name="Split">The split that the folder assigns; null for a folder without splits.</param>
sealed record FolderImage(string Id, string Path, int Class, string? Split);

/// <summary>
/// The files of a tree with one folder for each class, <c>DIR/CLASS</c>, or with such folders in the folders of splits
/// (<see cref="SplitFolders"/>), <c>DIR/train/CLASS</c>. In ordinal order, so that rows have the same numbers everywhere.
/// </summary>
sealed class FolderListing
{
    readonly string _root;
    readonly FolderRemains _remains = new();
    readonly List<string> _warnings = [];
    readonly ImageSearch _search;

    FolderListing(string root) => (_root, _search) = (root, new ImageSearch(root, _remains));

    public IReadOnlyList<string> Classes { get; private set; } = [];

    public IReadOnlyList<FolderImage> Images { get; private set; } = [];

    public IReadOnlyList<string> Warnings => [.. _warnings, .. _remains.Sentences()];

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The tree is not as described; the message names the folder.</exception>
    public static FolderListing Read(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder {directory}.");
        var listing = new FolderListing(directory);
        listing.Read();
        return listing;
    }

    void Read()
    {
        var splits = SplitFolders.In(_root);
        Classes = ClassesOf(splits.Folders.Count > 0 ? splits.Folders[0].Folder : "");
        if (Classes.Count < 2)
            throw new InvalidDataException(
                $"{_root} holds {(Classes.Count == 0 ? "no class folder" : $"only one class folder, \"{Classes[0]}\"")}; at "
                    + $"least two are needed. Expected: {_root}/CLASS/*.png."
            );
        if (splits.Folders.Count > 0 && splits.Folders.All(folder => folder.Split != "test"))
            _warnings.Add(
                $"{_root} has no test split; test rows are cut from its training rows, and its validation rows choose the model."
            );
        foreach (var other in splits.Others)
            _remains.Unused(Path.Combine(_root, other));
        NoteLooseImages(_root);

        var images = new List<FolderImage>();
        if (splits.Folders.Count == 0)
            images.AddRange(ImagesOf("", null));
        foreach (var (split, folder) in splits.Folders)
        {
            RequireKnownClasses(folder);
            NoteLooseImages(Path.Combine(_root, folder));
            images.AddRange(ImagesOf(folder + "/", split));
        }
        Images = images;
    }

    IReadOnlyList<string> ClassesOf(string relativePath)
    {
        var classes = _search.ClassFoldersIn(Path.Combine(_root, relativePath));
        foreach (var name in classes)
            if (ImageFileNames.IsUnusable(Path.Combine(_root, relativePath, name)))
                throw new InvalidDataException($"{Path.Combine(_root, relativePath, name)}: {ImageFileNames.UnusableName}");
        if (ImageFileNames.SameLooks(classes).FirstOrDefault() is { } same)
            throw new InvalidDataException(
                $"{Path.Combine(_root, relativePath)} has {same.Count()} class folders whose name looks like "
                    + $"\"{same.First()}\": they differ in their Unicode form "
                    + "(an accented letter is one character, or a letter and an accent). Merge them."
            );
        return classes;
    }

    void RequireKnownClasses(string splitFolder)
    {
        var path = Path.Combine(_root, splitFolder);
        if (ClassesOf(splitFolder).Except(Classes, StringComparer.Ordinal).FirstOrDefault() is not { } stray)
            return;
        var alike = Classes.FirstOrDefault(name => UnicodeForm.Decompose(name) == UnicodeForm.Decompose(stray));
        throw new InvalidDataException(
            alike is null
                ? $"{Path.Combine(path, stray)} is a class that the training folder does not have."
                : $"{Path.Combine(path, stray)} is a class that the training folder does not have: the name there "
                    + "looks the same, but has another Unicode form. Rename one of them."
        );
    }

    void NoteLooseImages(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => ImageFileNames.IsImage(file.Name)))
            _remains.Unused(Path.Combine(folder, file.Name));
    }

    IEnumerable<FolderImage> ImagesOf(string prefix, string? split) =>
        Classes.SelectMany((name, index) => ImagesOf(prefix + name, index, split));

    List<FolderImage> ImagesOf(string relativePath, int classIndex, string? split)
    {
        var path = Path.Combine(_root, relativePath);
        if (!Directory.Exists(path))
        {
            _warnings.Add($"{path} is missing: this split has no image of the class.");
            return [];
        }
        var images = _search
            .Find(path)
            .Select(file => new FolderImage(Path.GetRelativePath(_root, file).Replace('\\', '/'), file, classIndex, split))
            .ToList();
        foreach (var image in images.Where(image => image.Id.AsSpan(relativePath.Length + 1).Contains('/')))
            _remains.Nested(image.Path);
        return images.Count > 0
            ? images
            : throw new InvalidDataException(
                $"The class folder {path} holds no {ImageFileNames.Endings} file. Put images into it or remove it."
            );
    }
}
