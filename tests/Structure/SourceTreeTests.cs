using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NoisyNN.Tests.Structure;

/// <summary>Folders show the architecture: a namespace is a folder, and a folder is small.</summary>
[TestClass]
public sealed partial class SourceTreeTests
{
    const int MostFiles = 15;

    /// <summary>Catalogs, which hang on MLContext, have the namespace that users import.</summary>
    const string EntryPoints = "EntryPoints";

    static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
    static readonly Dictionary<string, string> s_roots = new(StringComparer.Ordinal)
    {
        ["transforms"] = "NoisyNN.Transforms",
        ["models"] = "NoisyNN.Models",
        ["pipelines"] = "NoisyNN.Pipelines",
        ["tests"] = "NoisyNN.Tests",
        ["benchmarks"] = "NoisyNN.Benchmarks",
    };

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_namespace_is_a_folder()
    {
        var files = s_roots.Keys.SelectMany(Sources).ToList();
        var strays = files.Where(file => NamespaceIn(file) is { Length: > 0 } name && name != NamespaceOf(file)).ToList();
        TestContext.WriteLine($"{files.Count} files");

        Assert.AreEqual(
            "",
            string.Join('\n', strays.Select(file => $"{Relative(file)} has {NamespaceIn(file)}, its folder says {NamespaceOf(file)}"))
        );
    }

    [TestMethod]
    public void A_folder_has_at_most_fifteen_files_of_code()
    {
        var folders = s_roots.Keys.SelectMany(Sources).GroupBy(file => Path.GetDirectoryName(file)!).ToList();
        TestContext.WriteLine($"{folders.Count} folders, the largest with {folders.Max(folder => folder.Count())} files");

        Assert.AreEqual(
            "",
            string.Join(
                '\n',
                folders.Where(folder => folder.Count() > MostFiles).Select(folder => $"{Relative(folder.Key)} has {folder.Count()} files")
            )
        );
    }

    [TestMethod]
    public void No_two_paths_differ_by_case_alone()
    {
        var paths = Entries(s_root).Select(Relative).ToList();
        var twins = paths.GroupBy(path => path, StringComparer.OrdinalIgnoreCase).Where(twin => twin.Count() > 1);
        TestContext.WriteLine($"{paths.Count} paths");

        Assert.AreEqual("", string.Join('\n', twins.Select(twin => string.Join(", ", twin))));
    }

    static string NamespaceIn(string file) =>
        Declared().Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups["name"].Value : "";

    static string NamespaceOf(string file)
    {
        var parts = Relative(file).Split('/');
        return parts[^2] == EntryPoints ? "NoisyNN" : string.Join('.', [s_roots[parts[0]], .. parts[1..^1]]);
    }

    static IEnumerable<string> Sources(string project) =>
        Entries(Path.Combine(s_root, project)).Where(path => path.EndsWith(".cs", StringComparison.Ordinal) && File.Exists(path));

    /// <summary>What is below a folder, but for outputs and what does not belong to the project.</summary>
    static IEnumerable<string> Entries(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Where(path => Path.GetFileName(path) is var name && name[0] != '.' && name is not ("artifacts" or "runs" or "node_modules"))
            .SelectMany(path => Directory.Exists(path) ? Entries(path).Prepend(path) : [path]);

    static string Relative(string path) => Path.GetRelativePath(s_root, path).Replace('\\', '/');

    static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
