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
        var packages = Restored().SelectMany(assets => assets["libraries"]!.AsObject().Where(library => (string)library.Value!["type"]! == "package"))
            .Select(library => library.Key.Split('/')[0]).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Contains("TorchSharp", packages);
        Assert.Contains("MSTest.TestFramework", packages);

        var named = File.ReadAllText(Path.Combine(Root, "THIRD-PARTY-NOTICES.md")).Split(['|', '[', ']', ',', ' ', '\n'], StringSplitOptions.TrimEntries);
        Assert.AreEqual("", string.Join(", ", packages.Except(named)));
    }

    [TestMethod]
    public void Every_project_gets_the_same_version_of_a_package()
    {
        var versions = Restored().SelectMany(assets => assets["libraries"]!.AsObject().Where(library => (string)library.Value!["type"]! == "package"))
            .Select(library => library.Key).Distinct().GroupBy(package => package.Split('/')[0]).Where(package => package.Count() > 1);
        Assert.AreEqual("", string.Join(", ", versions.SelectMany(package => package)), "pin it in Directory.Packages.props");
    }

    /// <summary>What NuGet wrote for each project of this checkout.</summary>
    static List<JsonObject> Restored()
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        return
        [
            .. Directory.GetFiles(Path.Combine(artifacts, "obj"), "project.assets.json", SearchOption.AllDirectories)
                .Select(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject())
                // Folders of projects that were removed stay behind.
                .Where(assets => File.Exists((string)assets["project"]!["restore"]!["projectPath"]!)),
        ];
    }

    static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    static string ThisFile([CallerFilePath] string path = "") => path;
}
