using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx;

/// <summary>From a fitted pipeline to a file that scores the same rows the same way.</summary>
[TestClass]
public sealed class SaveAsOnnxTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Fitted_chain_and_its_file_give_the_same_scores_and_labels()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        using var model = Train(data);

        var result = _context.Vision.SaveAsOnnx(model, folder["model.onnx"], validationData: data);
        using var scorer = _context.Scoring.OnnxBatch("OnnxScore", "Pixels", folder["model.onnx"], batchSize: 7).Fit(data);

        Assert.IsLessThanOrEqualTo(1e-4, result.MaxAbsDifference);
        CollectionAssert.AreEquivalent(new[] { "dark", "bright" }, scorer.Labels.ToArray());
        var expected = model.Transform(data);
        var actual = scorer.Transform(data);
        CollectionAssert.AreEqual(
            expected.GetColumn<string>("PredictedLabel").ToArray(),
            _context
                .Transforms.Conversion.MapKeyToValue("PredictedLabel")
                .Fit(actual)
                .Transform(actual)
                .GetColumn<string>("PredictedLabel")
                .ToArray()
        );
        foreach (var (network, file) in expected.GetColumn<float[]>("Score").Zip(actual.GetColumn<float[]>("OnnxScore")))
            Assert.AreEqual(network[0], file[0], 1e-4f);
    }

    [TestMethod]
    public void Difference_is_told_to_the_log()
    {
        using var folder = new TemporaryFolder();
        var messages = new List<string>();
        using var model = Train(Data());
        _context.Log += (_, message) => messages.Add(message.Message);

        _context.Vision.SaveAsOnnx(model, folder["model.onnx"]);

        Assert.IsTrue(messages.Any(message => message.Contains("largest difference to the network", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Model_without_a_network_is_refused()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        var model = _context.Transforms.CopyColumns("Copy", "Pixels").Fit(data);

        Assert.ThrowsExactly<ArgumentException>(() => _context.Vision.SaveAsOnnx(model, folder["model.onnx"]));
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    TransformerChain<KeyToValueMappingTransformer> Train(IDataView data) =>
        _context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                _context.Vision.NoisyViT(
                    new NoisyViTTrainer.Options
                    {
                        Network = new()
                        {
                            ImageSize = 8,
                            PatchSize = 4,
                            Dimension = 8,
                            Depth = 1,
                            Heads = 2,
                            MlpDimension = 16,
                        },
                        InputNoise = new GaussianNoise(10),
                        MaxEpoch = 2,
                        BatchSize = 8,
                        LearningRate = 1e-2,
                        Seed = 1,
                    }
                )
            )
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);

    IDataView Data()
    {
        var random = new Random(1);
        return _context.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 40)
                .Select(row => new Image
                {
                    Label = row % 2 == 0 ? "dark" : "bright",
                    Pixels = [.. Enumerable.Range(0, 64).Select(_ => (float)random.Next(row % 2 == 0 ? 150 : 256))],
                })
                .ToList()
        );
    }

    sealed class Image
    {
        public string Label { get; set; } = "";

        [VectorType(1, 8, 8)]
        public float[] Pixels { get; set; } = [];
    }
}
