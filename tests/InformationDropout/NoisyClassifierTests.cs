using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Weights;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Onnx.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

/// <summary>A classifier of vectors: two classes on either side of a plane, whose features differ in scale by a thousand.</summary>
[TestClass]
public sealed class NoisyClassifierTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Linear_probe_learns_what_a_plane_divides_whatever_the_features_scales()
    {
        using var model = _context.Vision.NoisyClassifier(Options()).Fit(View(400));
        Assert.IsGreaterThan(0.95, Accuracy(model));
        var configuration = ((NoisyClassifier)model.Network).Configuration;
        Assert.AreEqual(4, configuration.FeatureCount);
        Assert.AreEqual(2 * 5, model.Network.ParameterCount);
        Assert.AreEqual(model.Network.ParameterCount, configuration.ParameterCount);
    }

    [TestMethod]
    public void Perceptron_learns_what_no_plane_divides()
    {
        var options = Options();
        options.MaxEpoch = 25;
        using var probe = _context.Vision.NoisyClassifier(options).Fit(View(400, isExclusive: true));
        options.Network = new() { HiddenDimension = 16, DropoutRate = 0.05 };
        using var perceptron = _context.Vision.NoisyClassifier(options).Fit(View(400, isExclusive: true));

        Assert.IsLessThan(0.7, Accuracy(probe, isExclusive: true));
        Assert.IsGreaterThan(0.9, Accuracy(perceptron, isExclusive: true));
        Assert.AreEqual(16 * 5 + 2 * 17, perceptron.Network.ParameterCount);
    }

    [TestMethod]
    public void Standardisation_is_the_training_rows_own_and_can_be_left_out()
    {
        using var model = _context.Vision.NoisyClassifier(Options()).Fit(View(400));
        var rows = Rows(400);
        for (var feature = 0; feature < 4; feature++)
        {
            var mean = rows.Average(row => row.Features[feature]);
            Assert.AreEqual(mean, model.Network.state_dict()["mean"][feature].item<float>(), Math.Abs(mean) * 1e-4 + 1e-4);
            var deviation = Math.Sqrt(rows.Average(row => Math.Pow(row.Features[feature] - mean, 2)));
            Assert.AreEqual(1 / deviation, model.Network.state_dict()["scale"][feature].item<float>(), 1e-3 / deviation);
        }

        var options = Options();
        options.Network = new() { Standardize = false };
        options.MaxEpoch = 1;
        using var raw = _context.Vision.NoisyClassifier(options).Fit(View(20));
        Assert.AreEqual(0, raw.Network.state_dict()["mean"].abs().max().item<float>());
    }

    [TestMethod]
    public void Noise_on_the_column_and_inside_acts_in_training_alone()
    {
        var options = Options();
        options.InputNoise = new GaussianNoise(0.5);
        options.LatentNoise = new(new GaussianNoise(0.5), NoiseSite.AfterEmbedding);
        using var model = _context.Vision.NoisyClassifier(options).Fit(View(400));
        Assert.IsGreaterThan(0.9, Accuracy(model));

        var view = View(20, seed: 4);
        Assert.AreSequenceEqual(Flat(model.Transform(view)), Flat(model.Transform(view)));
        using var clean = _context.Vision.NoisyClassifier(Options()).Fit(View(400));
        CollectionAssert.AreNotEqual(Flat(clean.Transform(view)), Flat(model.Transform(view)));
    }

    [TestMethod]
    public void A_site_that_vectors_do_not_have_is_refused()
    {
        var options = Options();
        options.LatentNoise = new(new GaussianNoise(1), NoiseSite.AttentionInput);
        Assert.ThrowsExactly<ArgumentException>(() => _context.Vision.NoisyClassifier(options).Fit(View(20)));
        options.LatentNoise = new(new CircularShiftNoise(0.3, MixAxis.Tokens), NoiseSite.BeforeHead);
        Assert.ThrowsExactly<ArgumentException>(() => _context.Vision.NoisyClassifier(options).Fit(View(20)));
    }

    [TestMethod]
    public void Columns_that_do_not_fit_are_named()
    {
        var options = Options();
        options.FeatureColumnName = "Label";
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Vision.NoisyClassifier(options).Fit(View(20)));
        options = Options();
        options.Network = new() { FeatureCount = 5 };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Vision.NoisyClassifier(options).Fit(View(20))).Message,
            "FeatureCount",
            StringComparison.Ordinal
        );
        options.Network = new() { HiddenDimension = -1 };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Vision.NoisyClassifier(options)).Message,
            "HiddenDimension",
            StringComparison.Ordinal
        );
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 6)]
    [DataRow(7, 0)]
    [DataRow(64, 6)]
    public void File_and_network_agree(int batch, int hidden)
    {
        using var folder = new TemporaryFolder();
        var options = Options();
        options.Network = new() { HiddenDimension = hidden };
        using var model = _context.Vision.NoisyClassifier(options).Fit(View(200));
        var path = Path.Combine(folder.Path, "head.onnx");
        var data = View(batch, seed: 8);
        Assert.IsLessThanOrEqualTo(1e-4, _context.Vision.SaveAsOnnx(model, path, data).MaxAbsDifference);

        using var scorer = _context.Scoring.OnnxBatch("OnnxScore", "Features", path, batchSize: 64).Fit(data);
        var expected = Flat(model.Transform(data));
        var actual = scorer.Transform(data).GetColumn<float[]>("OnnxScore").SelectMany(score => score).ToArray();
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-4);
        using var session = new InferenceSession(path);
        CollectionAssert.AreEqual(new[] { "Score", "Logits", "Hidden" }, session.OutputMetadata.Keys.ToArray());
        Assert.IsFalse(session.ModelMetadata.CustomMetadataMap.ContainsKey("Image.BitmapPixelFormat"));
    }

    [TestMethod]
    public void A_saved_chain_loads_where_only_ML_NET_is_known()
    {
        using var folder = new TemporaryFolder();
        var data = View(50);
        using var model = _context.Vision.NoisyClassifier(Options()).Fit(data);
        var path = Path.Combine(folder.Path, "head.zip");
        _context.Model.Save(model, data.Schema, path);

        var fresh = new MLContext();
        var loaded = fresh.Model.Load(path, out _);
        var scores = loaded.Transform(data).GetColumn<float[]>("Score").SelectMany(score => score).ToArray();
        var expected = Flat(model.Transform(data));
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], scores[index], 1e-4);
    }

    double Accuracy(NetworkTransformer model, bool isExclusive = false) =>
        _context.MulticlassClassification.Evaluate(model.Transform(View(300, seed: 9, isExclusive))).MicroAccuracy;

    static float[] Flat(IDataView view) => [.. view.GetColumn<float[]>("Score").SelectMany(score => score)];

    NoisyClassifierTrainer.Options Options() =>
        new()
        {
            MaxEpoch = 12,
            BatchSize = 20,
            LearningRate = 2e-2,
            Seed = 3,
            LogEverySteps = 0,
            LabelSmoothing = 0,
            WeightDecay = 0,
        };

    IDataView View(int count, int seed = 1, bool isExclusive = false)
    {
        var names = _context.Data.LoadFromEnumerable(
            new[]
            {
                new Row { Label = "low" },
                new Row { Label = "high" },
            }
        );
        return _context
            .Transforms.Conversion.MapValueToKey("Label")
            .Fit(names)
            .Transform(_context.Data.LoadFromEnumerable(Rows(count, seed, isExclusive)));
    }

    static Row[] Rows(int count, int seed = 1, bool isExclusive = false)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var values = Enumerable.Range(0, 4).Select(_ => random.NextDouble() * 2 - 1).ToArray();
                    var isHigh = isExclusive ? values[0] * values[1] > 0 : values[0] + values[1] - values[2] > 0;
                    return new Row
                    {
                        Label = isHigh ? "high" : "low",
                        Features = [(float)values[0], (float)(1000 * values[1]) + 500, (float)values[2], (float)values[3]],
                    };
                }),
        ];
    }

    sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(4)]
        public float[] Features { get; set; } = new float[4];
    }

    [TestMethod]
    public void A_head_for_features_far_from_zero_is_exported_whatever_their_unit()
    {
        using var folder = new TemporaryFolder();
        using var network = (NoisyClassifier)
            RandomWeights.Create(new NoisyClassifierConfiguration { FeatureCount = 20, ClassCount = 4 }, seed: 1);
        network.Standardize([.. Enumerable.Repeat(-3.0, 20)], [.. Enumerable.Repeat(1e-4, 20)]);

        // Rows of another scale would make logits of millions, whose rounding alone is beyond the tolerance.
        Assert.IsLessThan(1e-4, OnnxExporter.Export(network, new(), folder["head.onnx"]).MaxAbsDifference);
    }
}
