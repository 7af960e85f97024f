using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Readme;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    [DataRow(1, 28)]
    [DataRow(3, 32)]
    [DataRow(3, 40)]
    public void The_pipeline_of_the_readme_trains_ships_and_scores_images_of_any_size(int channels, int size)
    {
        var folder = Directory.CreateTempSubdirectory("noisynn-readme-").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            IDataView Images(int count, int seed) => ReadmeTests.Images(count, channels, size, seed);
            var scores = Run(Images(60, seed: 1), Images(20, seed: 2), Images(70, seed: 3));

            var rows = scores.GetColumn<float[]>("Score").ToArray();
            Assert.HasCount(70, rows);
            foreach (var row in rows)
                Assert.AreEqual(1, row.Sum(), 1e-4, "probabilities");
            var labels = default(VBuffer<ReadOnlyMemory<char>>);
            scores.Schema["PredictedLabel"].GetKeyValues(ref labels);
            Assert.AreEqual("cat dog", string.Join(' ', labels.DenseValues()));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void The_readme_shows_the_code_that_is_tested()
    {
        var source = File.ReadAllText(ThisFile());
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "README.md"));
        var snippet = readme.Split("```csharp")[1].Split("```")[0];

        foreach (var line in snippet.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(line, source);
    }

    static IDataView Run(IDataView train, IDataView validation, IDataView images)
    {
        var ml = new MLContext(seed: 1);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(train);

        // csharpier-ignore
        var pipeline = ml.Noise.Add("Pixels", new CircularShiftNoise(0.3, MixAxis.SpatialRows))       // on the column, while training
            .Append(ml.Vision.NoisyViT(new NoisyViTTrainer.Options
            {
                FeatureColumnName = "Pixels",                                                         // Vector<Single, C, H, W>, 0..255
                LatentNoise = new(new GaussianNoise(0.1), NoiseSite.BlockInput, Layer: -1),           // in the last block, in units of its input
                ValidationSet = keys.Transform(validation),                                           // chooses the epoch
                MaxEpoch = 7,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(keys.Transform(train));
        ml.Vision.SaveAsOnnx(model, "model.onnx");

        // In any other application: batches of 64 through ONNX Runtime, as a transformer.
        var scores = ml.Scoring.OnnxBatch("Score", "Pixels", "model.onnx", batchSize: 64).Fit(images).Transform(images);
        return scores;
    }

    static IDataView Images(int count, int channels, int size, int seed)
    {
        var random = new Random(seed);
        var definition = SchemaDefinition.Create(typeof(Image));
        definition[nameof(Image.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, channels, size, size);
        return new MLContext().Data.LoadFromEnumerable(
            Enumerable
                .Range(0, count)
                .Select(index => new Image
                {
                    Pixels = [.. Enumerable.Range(0, channels * size * size).Select(_ => (float)random.Next(256))],
                    Label = index % 2 == 0 ? "cat" : "dog",
                })
                .ToArray(),
            definition
        );
    }

    static string ThisFile([CallerFilePath] string path = "") => path;

    sealed class Image
    {
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
