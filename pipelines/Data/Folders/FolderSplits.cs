namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Assigns the files of a folder to disjoint splits. Splits that the program cuts never share content.</summary>
static class FolderSplits
{
    const int ListedPairs = 3;

    /// <summary>Rows of the three splits, in ascending order.</summary>
    /// <exception cref="InvalidDataException">Two splits that the folder gives share a file's content.</exception>
    public static (int[] Train, int[] Validation, int[] Test) Assign(
        FolderFile[] files,
        IReadOnlyList<string> classes,
        ImageFolderOptions options,
        List<string> warnings
    )
    {
        var first = FirstOfSameContent(files);
        Report(files, first, options, warnings);

        var rows = Enumerable.Range(0, files.Length).ToArray();
        int[] train,
            validation,
            test;
        if (options.Fold is { } fold)
            (train, test) = CutBy(
                files[0].Image.Split is null ? rows : Given("train"),
                representatives => fold.Cut(representatives, ClassOf, classes, options.Seed).Held
            );
        else
            (train, test) = (files[0].Image.Split is null ? rows : Given("train"), Given("test"));
        if (test.Length == 0)
            (train, test) = Cut(train, options.TestFraction, "test");
        validation = Given("validation");
        if (validation.Length == 0)
            (train, validation) = Cut(train, options.ValidationFraction, "validation");
        return (train, validation, test);

        int[] Given(string split) => [.. rows.Where(row => files[row].Image.Split == split)];

        int ClassOf(int row) => files[row].Image.Class;

        (int[] Kept, int[] Held) Cut(int[] from, double fraction, string purpose) =>
            CutBy(from, representatives => StratifiedSampling.Cut(representatives, ClassOf, fraction, options.Seed, purpose).Held);

        // Only the first of several equal files is drawn; the others follow it. It is always among the rows to cut, because training files
        // come first.
        (int[] Kept, int[] Held) CutBy(int[] from, Func<int[], int[]> draw)
        {
            var held = draw([.. from.Where(row => first[row] == row)]).ToHashSet();
            return ([.. from.Where(row => !held.Contains(first[row]))], [.. from.Where(row => held.Contains(first[row]))]);
        }
    }

    static int[] FirstOfSameContent(FolderFile[] files)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. files.Select((file, row) => rows.TryAdd(file.Sha256!, row) ? row : rows[file.Sha256!])];
    }

    static void Report(FolderFile[] files, int[] first, ImageFolderOptions options, List<string> warnings)
    {
        var repeats = Enumerable.Range(0, files.Length).Where(row => first[row] != row).ToList();
        var acrossSplits = repeats.Where(row => Image(row).Split != Image(first[row]).Split).ToList();
        if (acrossSplits.Count > 0)
        {
            var message =
                $"{acrossSplits.Count} files have the content of a file in another split "
                + $"({Pairs(acrossSplits)}): a model is judged on what it was trained on.";
            if (!options.AllowDuplicates)
                throw new InvalidDataException($"{message} Remove one of each pair.");
            warnings.Add(message);
        }
        var acrossClasses = repeats.Where(row => Image(row).Class != Image(first[row]).Class).ToList();
        if (acrossClasses.Count > 0)
            warnings.Add(
                $"{acrossClasses.Count} files have the content of a file of another class "
                    + $"({Pairs(acrossClasses)}): one of the labels is wrong."
            );
        var plain = repeats.Except(acrossSplits).Except(acrossClasses).ToList();
        if (plain.Count > 0)
            warnings.Add(
                $"{plain.Count} files have the content of another file of their class ({Pairs(plain)}); equal files are kept in one split."
            );

        FolderImage Image(int row) => files[row].Image;

        string Pairs(List<int> rows) =>
            string.Join(", ", rows.Take(ListedPairs).Select(row => $"{Image(row).Id} = {Image(first[row]).Id}"))
            + (rows.Count > ListedPairs ? ", ..." : "");
    }
}
