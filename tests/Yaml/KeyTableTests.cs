using System.Runtime.CompilerServices;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Tests.Yaml;

/// <summary>The page on experiment files against the declarations of their keys.</summary>
[TestClass]
public sealed class KeyTableTests
{
    [TestMethod]
    public void The_table_of_keys_is_that_of_the_declarations() => AssertOnPage("keys", KeyTable.OfKeys(ExperimentSchema.Create()));

    [TestMethod]
    public void The_table_of_noises_is_that_of_the_declarations() => AssertOnPage("noises", KeyTable.OfFamilies(ExperimentSchema.Create()));

    static void AssertOnPage(string name, string table)
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "pipelines", "configs", "README.md"));
        var (begin, end) = ($"<!-- begin {name} -->\n", $"\n<!-- end {name} -->");
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var stop = page.IndexOf(end, StringComparison.Ordinal);

        Assert.IsGreaterThan(start, stop, $"pipelines/configs/README.md has no table between '{begin.Trim()}' and '{end.Trim()}'");
        Assert.AreEqual(table, page[start..stop], $"Replace the table '{name}' of pipelines/configs/README.md by this text:\n{table}\n");
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
