using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>One image file of a folder.</summary>
/// <param name="Id">Its path below the folder, with forward slashes.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Class">The index of its class.</param>
/// <param name="Split">The split that the folder assigns; null for a folder without splits.</param>
sealed record FolderImage(string Id, string Path, int Class, string? Split);

/// <summary>
/// The files of a tree with one folder for each class: <c>DIR/CLASS/*.png|jpg|jpeg|webp|bmp|gif</c>, or <c>DIR/train/CLASS</c> and
/// <c>DIR/test/CLASS</c>, with or without <c>DIR/validation/CLASS</c>. Their order is ordinal, so that rows have the same numbers on every
/// machine.
/// </summary>
sealed class FolderListing
{
    // Training files come first, because the first of several equal files represents all of them.
    static readonly string[] s_splits = ["train", "validation", "test"];

    readonly string _root;
    readonly List<string> _foreignFiles = [];
    readonly List<string> _warnings = [];

    FolderListing(string root) => _root = root;

    public IReadOnlyList<string> Classes { get; private set; } = [];

    public IReadOnlyList<FolderImage> Images { get; private set; } = [];

    public IReadOnlyList<string> Warnings => _warnings;

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
        var splits = GivenSplits();
        Classes = FoldersOf(splits.Count > 0 ? "train" : "");
        if (Classes.Count < 2)
            throw new InvalidDataException(
                $"{_root} holds {(Classes.Count == 0 ? "no class folder" : $"only one class folder, \"{Classes[0]}\"")}; at "
                    + $"least two are needed. Expected: {_root}/CLASS/*.png."
            );

        var images = new List<FolderImage>();
        foreach (var split in splits.Cast<string?>().DefaultIfEmpty(null))
        {
            var prefix = split is null ? "" : split + "/";
            if (FoldersOf(split ?? "").Except(Classes, StringComparer.Ordinal).FirstOrDefault() is { } stray)
                throw new InvalidDataException($"{Path.Combine(_root, prefix)}{stray} is a class that {_root}/train does not have.");
            for (var index = 0; index < Classes.Count; index++)
                images.AddRange(ImagesOf(prefix + Classes[index], index, split));
        }
        Images = images;

        if (_foreignFiles.Count > 0)
            _warnings.Add(
                $"{_foreignFiles.Count} files do not end in {ImageFileNames.Endings} and were left out (first: {_foreignFiles[0]})."
            );
    }

    /// <summary>
    /// The split folders; none if the class folders are at the top. A class may be called "train" as long as none is called "test".
    /// </summary>
    List<string> GivenSplits() => IsSplit("train") && IsSplit("test") ? [.. s_splits.Where(IsSplit)] : [];

    bool IsSplit(string name) => Directory.Exists(Path.Combine(_root, name)) && FoldersOf(name).Count > 0;

    List<string> FoldersOf(string relativePath) =>
        [
            .. new DirectoryInfo(Path.Combine(_root, relativePath))
                .EnumerateDirectories()
                .Select(folder => folder.Name)
                .Where(name => !name.StartsWith('.'))
                .Order(StringComparer.Ordinal),
        ];

    List<FolderImage> ImagesOf(string relativePath, int classIndex, string? split)
    {
        var images = new List<FolderImage>();
        var path = Path.Combine(_root, relativePath);
        if (!Directory.Exists(path))
        {
            _warnings.Add($"{path} is missing: this split has no image of the class.");
            return images;
        }
        // A linked class folder is allowed if it stays in the tree.
        var realPath = ContainedPath.Resolve(_root, relativePath);
        foreach (var file in new DirectoryInfo(realPath).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (file.Name.StartsWith('.'))
                continue;
            if (ImageFileNames.IsImage(file.Name))
                images.Add(new FolderImage($"{relativePath}/{file.Name}", Path.Combine(path, file.Name), classIndex, split));
            else
                _foreignFiles.Add(Path.Combine(path, file.Name));
        }
        if (images.Count == 0)
            throw new InvalidDataException(
                $"The class folder {path} holds no {ImageFileNames.Endings} "
                    + $"file{(Directory.EnumerateDirectories(realPath).Any() ? " (folders in it are not searched)" : "")}. "
                    + "Put images into it or remove it."
            );
        return images;
    }
}
