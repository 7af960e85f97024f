using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NoisyNN.Tests.Structure;

/// <summary>What CONTRIBUTING.md says about the files that a new part touches.</summary>
[TestClass]
public sealed class FilesToTouchTests
{
    /// <summary>A new family is advised only if somebody wants it to be.</summary>
    const string Optional = "NoiseCandidates.cs";

    static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    [TestMethod]
    [DataRow("Laplace")]
    [DataRow("Uniform")]
    public void A_family_of_noise_is_three_files_of_its_own_and_three_others(string family)
    {
        var mentions = new Regex($@"\b{family}(Noise|Kernel)\b");
        var files = new[] { "transforms", "models", "pipelines" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(s_root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => mentions.IsMatch(File.ReadAllText(file)) && Path.GetFileName(file) != Optional)
            .ToLookup(file => Path.GetFileName(Path.GetDirectoryName(file)!) == family);

        Assert.HasCount(3, files[true]);
        Assert.AreEqual(
            "NoiseCatalog.Elements.cs, NoiseGraph.cs, TensorNoise.cs",
            string.Join(", ", files[false].Select(Path.GetFileName).Order(StringComparer.Ordinal))
        );
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
