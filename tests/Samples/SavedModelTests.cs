using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.Samples;

/// <summary>What <c>ml.Model.Save</c> writes is scored by a process that has ML.NET's assemblies and nothing of this project.</summary>
[TestClass]
public sealed class SavedModelTests
{
    [TestMethod]
    public void A_saved_chain_is_scored_by_a_process_that_knows_only_ML_NET()
    {
        var strangers = Directory
            .GetFiles(SampleProcess.FolderOf("Predict"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith("NoisyNN", StringComparison.OrdinalIgnoreCase));
        Assert.IsEmpty(strangers, "the process should have nothing of this project to load");

        var images = new PlantedImages();
        var context = images.Context;
        using var folder = new TemporaryFolder();
        // Noise of training scope is saved as an identity.
        var model = context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Noise.Gaussian("Pixels", standardDeviation: 5, scope: NoiseScope.Training))
            .Append(context.Vision.NoisyViT(images.Options(epochs: 3)))
            .Fit(images.TextView(120));
        context.Model.Save(model, images.TextView(3).Schema, folder["model.zip"]);
        var rows = PlantedImages.Rows(20, seed: 3);
        File.WriteAllLines(
            folder["rows.csv"],
            rows.Select(row => string.Join(',', row.Pixels.Select(pixel => pixel.ToString("R", CultureInfo.InvariantCulture))))
        );

        using var process = SampleProcess.Start("Predict", folder["model.zip"], folder["rows.csv"]);
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode);
        var scored = model.Transform(context.Data.LoadFromEnumerable(rows));
        var expected = scored.GetColumn<float[]>("Score").ToArray();
        Assert.HasCount(expected.Length, lines);
        for (var row = 0; row < expected.Length; row++)
        {
            var fields = lines[row].Split('\t');
            Assert.AreEqual(PlantedImages.Labels[Array.IndexOf(expected[row], expected[row].Max())], fields[0]);
            for (var label = 0; label < 3; label++)
                Assert.AreEqual(expected[row][label], float.Parse(fields[label + 1], CultureInfo.InvariantCulture), 1e-5f);
        }
        // Scores that are all alike would agree without showing anything.
        Assert.IsGreaterThan(0.05f, expected.Max(scores => scores[0]) - expected.Min(scores => scores[0]));
    }
}
