namespace NoisyNN.Transforms.Native;

/// <summary>The folders in which the runtime looks for the native libraries of packages.</summary>
static class NativeFolders
{
    /// <summary>The file of a native library, beside the program or in the folder of its package; null if there is none.</summary>
    public static string? Find(string fileName) =>
        Folders()
            .SelectMany(folder => (string[])[folder, Path.Combine(folder, "runtimes", "linux-x64", "native")])
            .Select(folder => Path.Combine(folder, fileName))
            .FirstOrDefault(File.Exists);

    static IEnumerable<string> Folders()
    {
        var searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        yield return AppContext.BaseDirectory;
        if (Path.GetDirectoryName(typeof(NativeFolders).Assembly.Location) is { Length: > 0 } beside)
            yield return beside;
    }
}
