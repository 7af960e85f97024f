using System.Runtime.CompilerServices;
using Microsoft.ML;
using NoisyNN;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>The examples of docs/noise-columns.md.</summary>
[TestClass]
public class GuideTests
{
    [TestMethod]
    public void The_examples_of_the_guide_run()
    {
        var vectors = new GeneratedView(4, 3 * 32 * 32);
        var ml = new MLContext(seed: 1);
        // csharpier-ignore
        var speckle = ml.Noise.Add(new NoiseEstimator.Options { OutputColumnName = "Pixels", Noise = new SpeckleNoise(0.2), Seed = 7 });
        IEstimator<ITransformer>[] examples =
        [
            ml.Noise.Gaussian("Embedding", standardDeviation: 0.1),
            ml.Noise.SaltAndPepper("Noisy", "Pixels", probability: 0.05, rowProbability: 0.5),
            ml.Noise.Add([new("Title"), new("Body")], new LaplaceNoise(0.1)),
            ml.Noise.LinearTransform("Features", axis: MixAxis.SpatialRows, dimensions: [3, 32, 32]),
            speckle,
        ];
        var view = (IDataView)vectors;
        foreach (var name in new[] { "Embedding", "Pixels", "Title", "Body" })
            view = ml.Transforms.CopyColumns(name, "Features").Fit(view).Transform(view);
        foreach (var example in examples)
            view = example.Fit(view).Transform(view);
        foreach (var name in new[] { "Embedding", "Noisy", "Title", "Body", "Features", "Pixels" })
            Assert.HasCount(4, Vectors.Read(view, name));

        var corruption = ml.Noise.Corruption("Image", ImageCorruption.ShotNoise, severity: 3, scope: NoiseScope.Always);
        Assert.HasCount(2, Pictures.Read(corruption.Fit(Pictures.View(ml, 2)).Transform(Pictures.View(ml, 2))));
    }

    [TestMethod]
    public void The_guide_shows_what_is_tested()
    {
        var source = File.ReadAllText(ThisFile());
        var guide = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "noise-columns.md"));
        foreach (
            var line in guide
                .Split("```csharp")[1]
                .Split("```")[0]
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
            Assert.Contains(line.Split(';')[0], source);
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
