using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NoisyNN.Tests.Structure;

/// <summary>What CONTRIBUTING.md says about the files that a new part touches.</summary>
[TestClass]
public sealed class FilesToTouchTests
{
    /// <summary>A new family is advised only if somebody wants it to be, and NEFTune is made of another one.</summary>
    static readonly string[] s_optional = ["NoiseCandidates.cs", "NeftuneNoise.cs"];

    static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    [TestMethod]
    [DataRow("Laplace")]
    [DataRow("Uniform")]
    public void A_family_of_noise_is_three_files_of_its_own_and_three_others(string family)
    {
        var mentions = new Regex($@"\b{family}(Noise|Kernel)\b");
        var files = new[] { "transforms", "models", "pipelines" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(s_root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => mentions.IsMatch(File.ReadAllText(file)) && !s_optional.Contains(Path.GetFileName(file)))
            .ToLookup(file => Path.GetFileName(Path.GetDirectoryName(file)!) == family);

        Assert.HasCount(3, files[true]);
        Assert.AreEqual(
            "NoiseCatalog.Elements.cs, NoiseGraph.cs, TensorNoise.cs",
            string.Join(", ", files[false].Select(Path.GetFileName).Order(StringComparer.Ordinal))
        );
    }

    [TestMethod]
    [DataRow("TestAccuracyLow")]
    [DataRow("ImagesPerSecond")]
    [DataRow("MaxAbsDifference")]
    public void A_figure_of_the_report_is_in_the_summary_and_in_a_template(string figure)
    {
        var reports = Path.Combine(s_root, "pipelines", "Reports");

        Assert.AreEqual("Summary.cs", Mention(Directory.EnumerateFiles(reports, "*.cs"), figure));
        Assert.AreEqual(
            "experiment.liquid",
            Mention(Directory.EnumerateFiles(Path.Combine(reports, "Templates")), char.ToLowerInvariant(figure[0]) + figure[1..])
        );
    }

    static string Mention(IEnumerable<string> files, string word) =>
        string.Join(", ", files.Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\b{word}\b")).Select(Path.GetFileName));

    static string ThisFile([CallerFilePath] string path = "") => path;
}
