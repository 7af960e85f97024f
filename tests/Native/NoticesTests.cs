using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Native;

/// <summary>THIRD-PARTY-NOTICES.md against the packages that NuGet restored.</summary>
[TestClass]
public sealed class NoticesTests
{
    [TestMethod]
    public void Every_package_that_a_project_restores_is_named_in_the_notices()
    {
        var packages = Restored().Select(package => package.Split('/')[0]).Distinct().ToList();
        Assert.Contains("TorchSharp", packages);
        Assert.Contains("MSTest.TestFramework", packages);

        var notices = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "THIRD-PARTY-NOTICES.md"));
        var named = notices.Split(['|', '[', ']', ',', ' ', '\n'], StringSplitOptions.TrimEntries);
        Assert.AreEqual("", string.Join(", ", packages.Except(named)));
    }

    [TestMethod]
    public void Every_project_gets_the_same_version_of_a_package()
    {
        var differing = Restored().Distinct().GroupBy(package => package.Split('/')[0]).Where(versions => versions.Count() > 1);
        Assert.AreEqual("", string.Join(", ", differing.SelectMany(versions => versions)), "pin it in Directory.Packages.props");
    }

    /// <summary>PACKAGE/VERSION for every package of every project of this checkout, from what NuGet wrote when it restored them.</summary>
    static IEnumerable<string> Restored()
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(artifacts, "obj"), "project.assets.json", SearchOption.AllDirectories))
        {
            var assets = JsonNode.Parse(File.ReadAllText(file))!;
            // Folders of projects that were removed stay behind.
            if (!File.Exists((string)assets["project"]!["restore"]!["projectPath"]!))
                continue;
            foreach (var (library, description) in assets["libraries"]!.AsObject())
                if ((string)description!["type"]! == "package")
                    yield return library;
        }
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
