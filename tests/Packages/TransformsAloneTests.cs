using System.Text.Json.Nodes;
using NoisyNN.Tests.Samples;

namespace NoisyNN.Tests.Packages;

/// <summary>Programs that reference NoisyNN.Transforms, and neither NoisyNN.Entropy nor NoisyNN.Models.</summary>
[TestClass]
public sealed class TransformsAloneTests
{
    [TestMethod]
    [DataRow("Compose")]
    [DataRow("Serve")]
    public void A_program_with_the_transforms_alone_gets_no_TorchSharp(string sample)
    {
        var folder = SampleProcess.FolderOf(sample);
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!)];

        Assert.Contains("NoisyNN.Transforms.dll", files);
        Assert.Contains("MathNet.Numerics.dll", files);
        Assert.AreEqual("", string.Join(", ", files.Where(IsOfTorch)));
    }

    [TestMethod]
    [DataRow("Compose")]
    [DataRow("Serve")]
    public void The_packages_of_such_a_program_name_no_TorchSharp(string sample)
    {
        var dependencies = JsonNode.Parse(File.ReadAllText(Path.Combine(SampleProcess.FolderOf(sample), $"{sample}.deps.json")))!;
        string[] libraries = [.. dependencies["libraries"]!.AsObject().Select(library => library.Key.Split('/')[0])];

        Assert.Contains("NoisyNN.Transforms", libraries);
        Assert.AreEqual("", string.Join(", ", libraries.Where(IsOfTorch)));
    }

    [TestMethod]
    public void The_tests_themselves_get_it_from_the_models_and_the_entropy() =>
        Assert.IsTrue(Directory.EnumerateFiles(AppContext.BaseDirectory).Any(IsOfTorch), "what the other tests look for has this name");

    static bool IsOfTorch(string name) => name.Contains("torch", StringComparison.OrdinalIgnoreCase);
}
