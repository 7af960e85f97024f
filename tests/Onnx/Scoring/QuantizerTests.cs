using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Quantization;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>A model in eight bits is smaller and gives nearly the same scores.</summary>
[TestClass]
public sealed class QuantizerTests
{
    // Large enough that its matrices are worth quantising: 64 x 192 in the attention, 64 x 256 in the perceptron.
    static readonly NoisyViTConfiguration s_configuration = RandomNetwork.Grey with { Dimension = 64, MlpDimension = 256, Depth = 2 };

    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Scores_stay_close_and_predictions_stay(bool isStatic)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(s_configuration);
        var (whole, small) = (folder["float.onnx"], folder["int8.onnx"]);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"{label}")] }, whole);

        var result = isStatic
            ? Quantizer.Static(whole, small, RandomNetwork.Pixels(network, 64, seed: 2), 64)
            : Quantizer.Dynamic(whole, small);

        // Queries, keys and values, their projection and two layers of the perceptron; the last block splits off the queries of its class
        // token.
        Assert.AreEqual(9, result.ProductCount);
        Assert.AreEqual(isStatic ? 64 : 0, result.CalibrationRowCount);
        Assert.IsLessThan(0.5, (double)result.Bytes / result.SourceBytes);
        var pixels = RandomNetwork.Pixels(network, 100, seed: 3);
        var (expected, actual) = (Logits(whole, pixels), Logits(small, pixels));
        var spread = expected.SelectMany(row => row).Max() - expected.SelectMany(row => row).Min();
        var error = expected
            .Zip(actual)
            .SelectMany(pair => pair.First.Zip(pair.Second))
            .Average(pair => Math.Abs(pair.First - pair.Second));
        Assert.IsTrue(error > 0 && error < 0.02 * spread, $"mean error {error} of a spread of {spread}");
        Assert.IsGreaterThanOrEqualTo(90, expected.Zip(actual).Count(pair => Largest(pair.First) == Largest(pair.Second)));
    }

    [TestMethod]
    public void Metadata_stay_and_tell_of_the_quantisation()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(s_configuration);
        OnnxExporter.Export(network, new(), folder["float.onnx"]);
        Quantizer.Dynamic(folder["float.onnx"], folder["int8.onnx"]);

        var (before, after) = (OnnxFile.Read(folder["float.onnx"]), OnnxFile.Read(folder["int8.onnx"]));

        Assert.AreEqual("int8, dynamic", after.MetadataProps.Single(entry => entry.Key == "noisy.quantization").Value);
        foreach (var entry in before.MetadataProps)
            Assert.AreEqual(entry.Value, after.MetadataProps.Single(other => other.Key == entry.Key).Value);
    }

    [TestMethod]
    public void Each_column_has_its_own_scale_and_is_off_by_at_most_half_a_step()
    {
        var weight = new TensorProto
        {
            Name = "w",
            DataType = 1,
            Dims = { 2, 3 },
        };
        float[] values = [0.1f, -100, 0, -0.05f, 33, 0];
        weight.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));

        var matrix = QuantizedMatrix.From(weight, minimumSize: 1)!;

        var scales = MemoryMarshal.Cast<byte, float>(matrix.Scales.RawData.Span).ToArray();
        // The largest of each column over 127; a column of zeros has scale one.
        CollectionAssert.AreEqual(new[] { 0.1f / 127, 100f / 127, 1f }, scales);
        for (var index = 0; index < 6; index++)
            Assert.AreEqual(values[index], (sbyte)matrix.Values.RawData[index] * scales[index % 3], scales[index % 3] / 2 * 1.0001f);
    }

    [TestMethod]
    public void Grid_covers_all_but_the_outermost_values_and_holds_zero()
    {
        var range = new ActivationRange();
        range.Add([.. Enumerable.Range(0, 100_000).Select(index => 1f + index % 1000 / 1000f)]);
        range.Add([1e6f]);

        var (scale, zeroPoint) = range.Grid("x");

        var step = MemoryMarshal.Read<float>(scale.RawData.Span);
        Assert.AreEqual(1.999 / 255, step, 1e-6);
        Assert.AreEqual(0, zeroPoint.RawData[0]);
    }

    [TestMethod]
    public void Model_without_trained_products_is_refused()
    {
        using var folder = new TemporaryFolder();
        ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]);

        var error = Assert.ThrowsExactly<NotSupportedException>(() => Quantizer.Dynamic(folder["model.onnx"], folder["int8.onnx"]));

        StringAssert.Contains(error.Message, "no product with a trained matrix");
        Assert.IsFalse(File.Exists(folder["int8.onnx"]));
    }

    [TestMethod]
    public void Calibration_rows_that_are_not_finite_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(s_configuration);
        OnnxExporter.Export(network, new(), folder["float.onnx"]);
        var rows = RandomNetwork.Pixels(network, 4);
        rows[7] = float.NaN;

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Quantizer.Static(folder["float.onnx"], folder["int8.onnx"], rows, 4));

        StringAssert.Contains(error.Message, "not finite on the calibration rows");
    }

    float[][] Logits(string path, float[] pixels)
    {
        var rows = _context.Data.LoadFromEnumerable(pixels.Chunk(144).Select(values => new Image { Pixels = values }).ToList());
        using var transformer = _context.Scoring.OnnxBatch("Logits", "Pixels", path, output: "Logits").Fit(rows);
        return [.. transformer.Transform(rows).GetColumn<float[]>("Logits")];
    }

    static int Largest(float[] values) => Array.IndexOf(values, values.Max());

    sealed class Image
    {
        [VectorType(1, 12, 12)]
        public float[] Pixels { get; set; } = [];
    }
}
