namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>
/// The folders of a tree that hold its splits: <c>train</c> with <c>test</c> or <c>validation</c>, under the names that people give them.
/// Upper and lower case do not matter.
/// </summary>
/// <param name="Folders">For each split that the tree gives its folder's name, training rows first; empty if it gives none.</param>
/// <param name="Others">The names of other folders beside them.</param>
sealed record SplitFolders(IReadOnlyList<(string Split, string Folder)> Folders, IReadOnlyList<string> Others)
{
    // Training files come first: of several equal files the first one stands for all.
    static readonly (string Split, string[] Names)[] s_names =
    [
        ("train", ["train", "training"]),
        ("validation", ["validation", "val", "valid", "dev"]),
        ("test", ["test", "testing"]),
    ];

    /// <param name="root">The tree.</param>
    /// <exception cref="InvalidDataException">Two folders are the same split, or a folder looks like a split without the
    /// others.</exception>
    public static SplitFolders In(string root)
    {
        var names = ImageSearch.FoldersIn(root);
        var found = names.Select(name => (Split: SplitOf(name), Folder: name)).Where(folder => folder.Split is not null).ToList();
        if (found.GroupBy(folder => folder.Split).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException(
                $"{root} has the folders {string.Join(" and ", twice.Select(folder => $"\"{folder.Folder}\""))}, which are both names of the {twice.Key} split. "
                    + "Merge them, or rename one."
            );
        // A class may be called "train" or "dev": its folder then holds images, and no folders.
        var splits = found.Where(folder => ImageSearch.FoldersIn(Path.Combine(root, folder.Folder)).Count > 0).ToList();
        if (splits.Count == 0)
            return new([], []);
        if (splits.All(folder => folder.Split != "train") || splits.Count < 2)
            throw new InvalidDataException(
                $"{root} has the folder \"{splits[0].Folder}\" with folders in it, as a split has, but not the splits that belong to it: "
                    + $"{Needed(splits[0].Split!, found)}. Add or rename the folders, or give {Path.Combine(root, splits[0].Folder)} alone."
            );
        return new(
            [
                .. s_names.SelectMany(split =>
                    splits.Where(folder => folder.Split == split.Split).Select(folder => (split.Split, folder.Folder))
                ),
            ],
            [.. names.Except(splits.Select(folder => folder.Folder))]
        );
    }

    static string? SplitOf(string name) =>
        s_names.FirstOrDefault(split => split.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).Split;

    static string Needed(string split, List<(string? Split, string Folder)> found) =>
        split != "train" ? "\"train\" with a folder for each class"
        : found.FirstOrDefault(folder => folder.Split != "train") is { Folder: { } flat } ? $"\"{flat}\" holds no folder for each class"
        : "\"test\" or \"validation\" with a folder for each class";
}
