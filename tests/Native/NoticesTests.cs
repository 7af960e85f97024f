using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Native;

/// <summary>THIRD-PARTY-NOTICES.md against the packages that NuGet restored.</summary>
[TestClass]
public sealed class NoticesTests
{
    static readonly Lazy<string> s_notices = new(() =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "THIRD-PARTY-NOTICES.md"))
    );

    [TestMethod]
    public void Every_package_that_a_project_restores_is_named_in_the_notices()
    {
        var packages = Restored().Select(package => package.Split('/')[0]).Distinct().ToList();
        Assert.Contains("TorchSharp", packages);
        Assert.Contains("MSTest.TestFramework", packages);

        Assert.AreEqual("", string.Join(", ", packages.Except(Named(s_notices.Value))));
    }

    [TestMethod]
    public void What_no_user_of_a_project_gets_is_named_as_a_tool_of_the_build()
    {
        var tools = Assets().SelectMany(BuildTools).Distinct().ToList();
        Assert.Contains("Grpc.Tools", tools);
        Assert.Contains("CSharpier.MsBuild", tools);
        Assert.DoesNotContain("TorchSharp", tools);

        var onlyToBuild = s_notices.Value.Split("## Only to build")[1].Split("\n## ")[0];
        Assert.AreEqual("", string.Join(", ", tools.Except(Named(onlyToBuild))));
    }

    [TestMethod]
    public void Every_project_gets_the_same_version_of_a_package()
    {
        var differing = Restored().Distinct().GroupBy(package => package.Split('/')[0]).Where(versions => versions.Count() > 1);
        Assert.AreEqual("", string.Join(", ", differing.SelectMany(versions => versions)), "pin it in Directory.Packages.props");
    }

    /// <summary>PACKAGE/VERSION for every package of every project of this checkout.</summary>
    static IEnumerable<string> Restored() =>
        from assets in Assets()
        from library in assets["libraries"]!.AsObject()
        where (string)library.Value!["type"]! == "package"
        select library.Key;

    /// <summary>The packages that a project keeps to itself (PrivateAssets="all").</summary>
    static IEnumerable<string> BuildTools(JsonNode assets) =>
        from framework in assets["project"]!["frameworks"]!.AsObject()
        from dependency in framework.Value!["dependencies"]!.AsObject()
        where (string?)dependency.Value!["suppressParent"] == "All"
        select dependency.Key;

    /// <summary>What NuGet wrote when it restored the projects of this checkout.</summary>
    static IEnumerable<JsonNode> Assets()
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(artifacts, "obj"), "project.assets.json", SearchOption.AllDirectories))
        {
            var assets = JsonNode.Parse(File.ReadAllText(file))!;
            // Folders of projects that were removed stay behind.
            if (File.Exists((string)assets["project"]!["restore"]!["projectPath"]!))
                yield return assets;
        }
    }

    static string[] Named(string notices) => notices.Split(['|', '[', ']', ',', ' ', '\n'], StringSplitOptions.TrimEntries);

    static string ThisFile([CallerFilePath] string path = "") => path;
}
