using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Samples;

/// <summary>The samples do what their first lines say.</summary>
[TestClass]
public sealed class SampleTests
{
    [TestMethod]
    public void Composed_pipeline_names_each_images_class_and_its_likest()
    {
        using var folder = new TemporaryFolder();
        ServeTests.Export(folder["model.onnx"]);
        foreach (var (name, number) in ((string, int)[])[("a.png", 1), ("b.png", 200), ("c.png", 1)])
            folder.Write($"photos/{name}", ImageFiles.Png(number));

        using var program = SampleProcess.Start("Compose", folder["model.onnx"], folder["photos"]);
        var lines = program.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        program.WaitForExit();

        Assert.AreEqual(0, program.ExitCode);
        Assert.HasCount(3, lines);
        Assert.IsTrue(lines.All(line => line.Split('\t')[1].StartsWith("class ", StringComparison.Ordinal)));
        Assert.AreEqual("c.png", lines[0].Split('\t')[2]);
        Assert.AreEqual("a.png", lines[2].Split('\t')[2]);
    }
}
