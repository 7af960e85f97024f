using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;
using TorchSharp;

namespace NoisyNN.Tests.Onnx;

/// <summary>One network in many forms of file; each computes the same.</summary>
[TestClass]
public sealed class ExportFormTests
{
    [TestMethod]
    [DataRow(18)]
    [DataRow(19)]
    [DataRow(20)]
    [DataRow(21)]
    public void Newer_operator_sets_give_the_same(int opset)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);

        var result = OnnxExporter.Export(network, new() { Opset = opset }, folder["model.onnx"]);

        Assert.AreEqual(opset, result.Opset);
        Assert.IsLessThan(1e-4, result.MaxAbsDifference);
        Assert.AreEqual(opset, OnnxFile.Read(folder["model.onnx"]).OpsetImport.Single().Version);
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(22)]
    public void Operator_set_that_is_not_known_is_refused(int opset)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            OnnxExporter.Export(network, new() { Opset = opset }, folder["model.onnx"])
        );
    }

    [TestMethod]
    public void Half_precision_takes_half_the_bytes_and_stays_within_its_tolerance()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey with { Dimension = 64, MlpDimension = 256 });
        OnnxExporter.Export(network, new(), folder["single.onnx"]);

        var result = OnnxExporter.Export(network, new() { WeightPrecision = WeightPrecision.Float16 }, folder["half.onnx"]);

        Assert.IsTrue(result.MaxAbsDifference is > 1e-6 and < 1e-2, $"{result.MaxAbsDifference}");
        Assert.IsLessThan(0.6, (double)new FileInfo(folder["half.onnx"]).Length / new FileInfo(folder["single.onnx"]).Length);
    }

    [TestMethod]
    public void Bytes_of_a_colour_image_give_what_its_floats_give()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        var pixels = RandomNetwork.Pixels(network, 3);

        OnnxExporter.Export(network, new() { PixelInput = PixelInput.ByteInterleaved }, folder["model.onnx"]);
        var rows = new MLContext().Data.LoadFromEnumerable(pixels.Chunk(network.InputLength).Select(Interleaved).ToList());
        using var scorer = new MLContext().Scoring.OnnxBatch("Logits", "Pixels", folder["model.onnx"], output: "Logits").Fit(rows);

        Assert.IsTrue(scorer.TakesBytes);
        CollectionAssert.AreEqual(new[] { 16, 16, 3 }, scorer.InputDimensions.ToArray());
        AssertClose(
            RandomNetwork.Logits(network, pixels),
            [.. scorer.Transform(rows).GetColumn<float[]>("Logits").SelectMany(row => row)],
            1e-4
        );
    }

    [TestMethod]
    public void Weights_above_the_limit_lie_beside_the_file_and_are_found_there()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        var result = OnnxExporter.Export(network, new() { ExternalDataAbove = 0 }, folder["model.onnx"]);

        Assert.IsLessThan(1e-4, result.MaxAbsDifference);
        var external = OnnxFile.Read(folder["model.onnx"]).Graph.Initializer.Where(tensor => tensor.ExternalData.Count > 0).ToList();
        Assert.IsTrue(external.Count > 5 && external.All(tensor => tensor.RawData.IsEmpty));
        Assert.IsTrue(
            external
                .SelectMany(tensor => tensor.ExternalData)
                .Where(entry => entry.Key == "location")
                .All(entry => entry.Value == Path.GetFileName(Weights(folder)))
        );
        Assert.IsTrue(
            external
                .SelectMany(tensor => tensor.ExternalData)
                .Where(entry => entry.Key == "offset")
                .All(entry => long.Parse(entry.Value) % 4096 == 0)
        );
        File.Delete(Weights(folder));
        Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"]));
    }

    [TestMethod]
    [DataRow(MixAxis.SpatialRows)]
    [DataRow(MixAxis.Channels)]
    [DataRow(MixAxis.Batch)]
    public void Linear_noise_in_the_graph_is_exact(MixAxis axis)
    {
        foreach (var noise in (LinearTransformNoise[])[new CircularShiftNoise(0.3, axis), new OptimalMixingNoise(axis)])
        {
            using var folder = new TemporaryFolder();
            using var network = RandomNetwork.Create(RandomNetwork.Colour);
            OnnxExporter.Export(network, new() { InputNoise = noise, InputNoiseScope = NoiseScope.Always }, folder["model.onnx"]);
            var pixels = RandomNetwork.Pixels(network, 5);

            var actual = Logits(folder["model.onnx"], network, pixels);

            AssertClose(
                RandomNetwork.Logits(
                    network,
                    Mixed(
                        pixels,
                        noise.ToMatrix(
                            axis switch
                            {
                                MixAxis.Batch => 5,
                                MixAxis.Channels => 3,
                                _ => 16,
                            }
                        ),
                        axis
                    )
                ),
                actual,
                1e-3
            );
            var metadata = OnnxFile.Read(folder["model.onnx"]).MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
            Assert.AreEqual("input", metadata["noisy.eval_noise"]);
            Assert.AreEqual(axis == MixAxis.Batch, metadata.ContainsKey("noisy.transductive"));
        }
    }

    [TestMethod]
    public void File_with_noise_across_the_batch_scores_no_single_rows()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        OnnxExporter.Export(
            network,
            new() { InputNoise = new OptimalMixingNoise(MixAxis.Batch), InputNoiseScope = NoiseScope.Always },
            folder["model.onnx"]
        );
        var rows = new MLContext().Data.LoadFromEnumerable(
            RandomNetwork.Pixels(network, 3).Chunk(768).Select(values => new Planar { Pixels = values }).ToList()
        );

        using var scorer = new MLContext().Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"]).Fit(rows);

        Assert.IsFalse(scorer.IsRowToRowMapper);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => scorer.GetRowToRowMapper(rows.Schema)).Message,
            "noise across the batch"
        );
    }

    [TestMethod]
    public void Gaussian_noise_in_the_graph_has_its_moments() => AssertMoments(new GaussianNoise(20, Mean: 3), mean: 3, deviation: 20);

    [TestMethod]
    public void Uniform_noise_in_the_graph_has_its_moments() => AssertMoments(new UniformNoise(30), mean: 0, deviation: 30 / Math.Sqrt(3));

    [TestMethod]
    public void Failed_export_leaves_the_model_that_was_there_and_its_weights()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        var options = new OnnxExportOptions { ExternalDataAbove = 0 };
        OnnxExporter.Export(network, options, folder["model.onnx"]);
        var (path, weights) = (Weights(folder), File.ReadAllBytes(Weights(folder)));
        using (torch.no_grad())
            network.parameters().First().fill_(float.NaN);

        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxExporter.Export(network, options, folder["model.onnx"]));

        Assert.AreSequenceEqual(weights, File.ReadAllBytes(path));
        Assert.HasCount(2, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void While_a_model_is_replaced_the_one_that_is_there_keeps_its_weights_and_then_they_go()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        var options = new OnnxExportOptions { ExternalDataAbove = 0 };
        OnnxExporter.Export(network, options, folder["model.onnx"]);
        OnnxExporter.Export(network, options, folder["model.onnx.b.onnx"]);
        var (model, pixels) = (File.ReadAllBytes(folder["model.onnx"]), RandomNetwork.Pixels(network, 1));
        var before = Logits(folder["model.onnx"], network, pixels);
        TemporaryFolder.Copy(folder.Path, folder["copy"]);

        using (torch.no_grad())
            foreach (var parameter in network.parameters())
                parameter.mul_(1.1f);
        OnnxExporter.Export(network, options, folder["copy/model.onnx"]);

        // A kill between the new weights and the new model is the new weights beside the old model.
        File.Copy(Weights(folder, "copy"), folder[Path.GetFileName(Weights(folder, "copy"))]);
        Assert.AreSequenceEqual(before, Logits(folder["model.onnx"], network, pixels));
        OnnxExporter.Export(network, options, folder["model.onnx"]);
        Assert.AreEqual(Path.GetFileName(Weights(folder, "copy")), Path.GetFileName(Weights(folder)));
        Assert.IsFalse(model.AsSpan().SequenceEqual(File.ReadAllBytes(folder["model.onnx"])));

        // Weights within the model need no file; those of another model are not touched.
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        Assert.IsEmpty(Directory.GetFiles(folder.Path).Where(IsWeights));
        Assert.AreSequenceEqual(before, Logits(folder["model.onnx.b.onnx"], network, pixels));
    }

    [TestMethod]
    public void Laplace_noise_in_the_graph_has_its_moments() => AssertMoments(new LaplaceNoise(10), mean: 0, deviation: 10 * Math.Sqrt(2));

    [TestMethod]
    public void Speckle_in_the_graph_has_its_moments() => AssertMoments(new SpeckleNoise(0.2), mean: 0, deviation: 0.2 * 128);

    [TestMethod]
    public void Salt_and_pepper_in_the_graph_have_their_moments() =>
        // A tenth of the pixels gains 127, a tenth loses 128.
        AssertMoments(
            new SaltAndPepperNoise(0.2, ValueRange.Pixels),
            mean: -0.1,
            deviation: Math.Sqrt(0.1 * 127 * 127 + 0.1 * 128 * 128 - 0.01)
        );

    [TestMethod]
    public void Salt_and_pepper_of_a_row_are_its_own_extremes_in_every_operator_set()
    {
        foreach (var opset in (int[])[17, 21])
        {
            float[] pixels = [.. Enumerable.Range(0, 2 * 144).Select(index => index < 144 ? 10f + index % 50 : 100f + index % 70)];
            var noisy = Prepared(new SaltAndPepperNoise(0.5), pixels, rowCount: 2, opset);
            for (var row = 0; row < 2; row++)
            {
                var (before, after) = (pixels[(144 * row)..(144 * (row + 1))], noisy[(144 * row)..(144 * (row + 1))]);
                var changed = before.Zip(after).Where(pair => pair.First != pair.Second).Select(pair => pair.Second).Distinct().Order();
                Assert.AreSequenceEqual([before.Min(), before.Max()], changed);
            }
        }
    }

    [TestMethod]
    [DataRow("poisson", "no operator that draws Poisson counts")]
    [DataRow("quality-matrix", "a batch has any")]
    public void Noise_without_a_graph_is_refused_by_name(string family, string reason)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        var error = Assert.ThrowsExactly<NotSupportedException>(() =>
            OnnxExporter.Export(
                network,
                new()
                {
                    InputNoise =
                        family == "poisson"
                            ? new PoissonNoise(60)
                            : QualityMatrixNoise.Of(
                                new[,]
                                {
                                    { -0.3, 0.3 },
                                    { 0.3, -0.3 },
                                },
                                MixAxis.Batch
                            ),
                    InputNoiseScope = NoiseScope.Always,
                },
                folder["model.onnx"]
            )
        );

        StringAssert.Contains(error.Message, reason);
        Assert.IsFalse(File.Exists(folder["model.onnx"]));
    }

    /// <summary>Cuts the graph off behind the noise and looks at what the noise adds to 128.</summary>
    static void AssertMoments(NoiseDefinition noise, double mean, double deviation)
    {
        var pixels = new float[200 * 144];
        Array.Fill(pixels, 128f);
        var added = Prepared(noise, pixels, rowCount: 200).Select(value => value - 128.0).ToArray();

        // 28,800 values: the mean's standard error is sd/170, the deviation's at most sd/150 (Laplace's, whose fourth moment is six squares
        // of its second); five of them are a chance of one in a million.
        var (actualMean, actualDeviation) = (
            added.Average(),
            Math.Sqrt(added.Average(value => value * value) - Math.Pow(added.Average(), 2))
        );
        Assert.AreEqual(mean, actualMean, 5 * deviation / 170);
        Assert.AreEqual(deviation, actualDeviation, 5 * deviation / 150);
    }

    /// <summary>Grey images of 12 x 12 pixels as they leave the noise in the graph.</summary>
    static float[] Prepared(NoiseDefinition noise, float[] pixels, int rowCount, int opset = OnnxExporter.Opset)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(
            network,
            new()
            {
                InputNoise = noise,
                InputNoiseScope = NoiseScope.Always,
                Opset = opset,
            },
            folder["model.onnx"]
        );
        var model = OnnxFile.Read(folder["model.onnx"]);
        model.Graph.Output.Add(new ValueInfoProto { Name = "input/prepared", Type = model.Graph.Input[0].Type.Clone() });
        File.WriteAllBytes(folder["model.onnx"], model.ToByteArray());

        using var session = new InferenceSession(folder["model.onnx"]);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [rowCount, 1, 12, 12]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["Pixels"], [input], ["input/prepared"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    static string Weights(TemporaryFolder folder, string subfolder = "") => Directory.GetFiles(folder[subfolder]).Single(IsWeights);

    static bool IsWeights(string path) => Regex.IsMatch(Path.GetFileName(path), @"^model\.onnx\.[0-9a-f]{12}\.data$");

    static float[] Logits(string path, ImageClassifier network, float[] pixels)
    {
        using var session = new InferenceSession(path);
        using var input = OrtValue.CreateTensorValueFromMemory(
            pixels,
            [pixels.Length / network.InputLength, network.Channels, network.Height, network.Width]
        );
        using var run = new RunOptions();
        using var results = session.Run(run, ["Pixels"], [input], ["Logits"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The matrix applied along one axis of [5, 3, 16, 16], by the definition.</summary>
    static float[] Mixed(float[] pixels, double[,] matrix, MixAxis axis)
    {
        int[] strides = [3 * 16 * 16, 16 * 16, 16, 1];
        var index = axis switch
        {
            MixAxis.Batch => 0,
            MixAxis.Channels => 1,
            _ => 2,
        };
        int[] lengths = [5, 3, 16, 16];
        return
        [
            .. Enumerable
                .Range(0, pixels.Length)
                .Select(element =>
                {
                    var place = element / strides[index] % lengths[index];
                    var start = element - place * strides[index];
                    return (float)
                        Enumerable.Range(0, lengths[index]).Sum(other => matrix[place, other] * pixels[start + other * strides[index]]);
                }),
        ];
    }

    static Image Interleaved(float[] planar)
    {
        var bytes = new byte[planar.Length];
        for (var channel = 0; channel < 3; channel++)
        for (var pixel = 0; pixel < 256; pixel++)
            bytes[pixel * 3 + channel] = (byte)planar[channel * 256 + pixel];
        return new Image { Pixels = bytes };
    }

    static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], tolerance, $"value {index}");
    }

    sealed class Image
    {
        [VectorType(16, 16, 3)]
        public byte[] Pixels { get; set; } = [];
    }

    sealed class Planar
    {
        [VectorType(3, 16, 16)]
        public float[] Pixels { get; set; } = [];
    }
}
