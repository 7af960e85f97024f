using System.Globalization;
using System.Runtime.InteropServices;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Tests.Data;
using NoisyNN.Tests.Onnx.Scoring;

namespace NoisyNN.Tests.Cli;

/// <summary>Rows of numbers are scored like images: streamed, in order, interruptible.</summary>
[TestClass]
public sealed class ScoreRowsTests : IDisposable
{
    const int RowCount = 200;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Rows_of_an_array_get_a_line_each_in_their_order()
    {
        ForeignModel.Write(ForeignModel.Affine(), _folder["affine.onnx"]);
        var values = Enumerable.Range(0, 3 * RowCount).Select(value => value / 7f).ToArray();
        Save("<f4", $"({RowCount}, 3)", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

        var run = Score("affine.onnx", "table.csv", "--batch-size", "16");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var lines = File.ReadAllLines(_folder["table.csv"]);
        Assert.AreEqual("row,probs[0],probs[1],probs[2]", lines[0]);
        Assert.HasCount(RowCount + 1, lines);
        for (var row = 0; row < RowCount; row++)
        {
            var fields = lines[row + 1].Split(',');
            Assert.AreEqual($"{row}", fields[0]);
            // Written so that reading gives the same number: 2 x + 1 in single precision.
            for (var column = 0; column < 3; column++)
                Assert.AreEqual(2 * values[3 * row + column] + 1, float.Parse(fields[column + 1], CultureInfo.InvariantCulture));
        }
    }

    [TestMethod]
    public void Rows_of_another_range_than_the_file_states_are_named_once()
    {
        ForeignModel.Write(ForeignModel.Affine(("Image.NominalPixelRange", "NominalRange_0_255")), _folder["affine.onnx"]);
        Save(
            "<f4",
            $"({RowCount}, 3)",
            MemoryMarshal.AsBytes(Enumerable.Range(0, 3 * RowCount).Select(value => value / 600f).ToArray().AsSpan()).ToArray()
        );

        var run = Score("affine.onnx", "table.csv", "--batch-size", "16");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.HasCount(2, run.Error.Split("look scaled"), run.Error);
        Assert.Contains("'affine.onnx' takes raw pixels, 0 to 255", run.Error);
    }

    [TestMethod]
    public void A_head_with_classes_predicts_and_a_table_of_text_gives_what_an_array_gives()
    {
        using (var network = RandomWeights.Create(new NoisyClassifierConfiguration { FeatureCount = 4, ClassCount = 3 }, seed: 1))
            OnnxExporter.Export(network, new() { Labels = ["red", "green", "blue"] }, _folder["head.onnx"]);
        double[] values = [.. Enumerable.Range(0, 4 * 30).Select(value => Math.Sin(value))];
        Save("<f8", "(30, 4)", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        File.WriteAllText(
            _folder["rows.csv"],
            string.Join(
                '\n',
                [
                    "a,b,c,d",
                    .. values
                        .Chunk(4)
                        .Select(row => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))),
                    "",
                ]
            )
        );

        Assert.AreEqual(0, Score("head.onnx", "array.csv").ExitCode);
        var run = TestTerminal.Run("score", _folder["head.onnx"], "--input", _folder["rows.csv"], "--output", _folder["text.csv"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.StartsWith(File.ReadAllText(_folder["array.csv"]), "row,predicted,probability,red,green,blue\n0,");
        Assert.AreSequenceEqual(File.ReadAllLines(_folder["array.csv"]), File.ReadAllLines(_folder["text.csv"]));
    }

    [TestMethod]
    public void Interrupted_rows_go_on_where_they_stopped_and_the_table_is_the_same()
    {
        ForeignModel.Write(ForeignModel.Affine(), _folder["affine.onnx"]);
        Save("|u1", $"({RowCount}, 3)", [.. Enumerable.Range(0, 3 * RowCount).Select(value => (byte)value)]);
        Assert.AreEqual(0, Score("affine.onnx", "whole.csv", "--batch-size", "8").ExitCode);

        var interrupted = TestTerminal.InterruptAt(
            "rows/s",
            "score",
            _folder["affine.onnx"],
            "--input",
            _folder["rows.npy"],
            "--output",
            _folder["cut.csv"],
            "--batch-size",
            "8"
        );
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        var resumed = Score("affine.onnx", "cut.csv", "--batch-size", "8");

        StringAssert.Contains(resumed.Error, "continuing after 8 rows");
        Assert.AreSequenceEqual(File.ReadAllBytes(_folder["whole.csv"]), File.ReadAllBytes(_folder["cut.csv"]));
    }

    [TestMethod]
    public void Rows_that_changed_in_a_file_of_the_same_length_do_not_go_on_with_the_old_table()
    {
        ForeignModel.Write(ForeignModel.Affine(), _folder["affine.onnx"]);
        string[] request =
        [
            "score",
            _folder["affine.onnx"],
            "--input",
            _folder["rows.npy"],
            "--output",
            _folder["cut.csv"],
            "--batch-size",
            "8",
        ];
        Save("|u1", $"({RowCount}, 3)", new byte[3 * RowCount]);
        Assert.AreEqual(ExitCode.Interrupted, TestTerminal.InterruptAt("rows/s", request).ExitCode);

        Save("|u1", $"({RowCount}, 3)", [.. Enumerable.Repeat((byte)1, 3 * RowCount)]);
        var run = TestTerminal.Run(request);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.DoesNotContain("continuing", run.Error);
        Assert.AreEqual(0, File.ReadLines(_folder["cut.csv"]).Skip(1).Count(line => !line.EndsWith(",3,3,3", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Weights_that_changed_in_a_file_beside_the_model_do_not_go_on_with_the_old_table()
    {
        string[] request =
        [
            "score",
            _folder["model.onnx"],
            "--input",
            _folder["rows.npy"],
            "--output",
            _folder["cut.csv"],
            "--batch-size",
            "8",
        ];
        Save("<f4", $"({RowCount}, 20)", new byte[RowCount * 20 * sizeof(float)]);
        using (
            var network = RandomWeights.Create(
                new NoisyClassifierConfiguration
                {
                    FeatureCount = 20,
                    HiddenDimension = 400,
                    ClassCount = 300,
                },
                seed: 1
            )
        )
            OnnxExporter.Export(network, new() { ExternalDataAbove = 0 }, _folder["model.onnx"]);
        Assert.AreEqual(ExitCode.Interrupted, TestTerminal.InterruptAt("rows/s", request).ExitCode);

        var weights = Directory.GetFiles(_folder.Path, "model.onnx.*.data").Single();
        var bytes = File.ReadAllBytes(weights);
        bytes[0] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.DoesNotContain("continuing", TestTerminal.Run(request).Error);
    }

    [TestMethod]
    [DataRow("<f4", "(2, 4)", 32, "False", "needs a vector of 3 values")]
    [DataRow("<f4", "(2, 3)", 24, "True", "numpy.ascontiguousarray")]
    [DataRow("<f4", "(0, 3)", 0, "False", "is empty")]
    [DataRow("<f4", "(2, 3)", 20, "False", "cut off")]
    public void Rows_that_do_not_fit_are_refused_with_the_remedy(string type, string shape, int length, string order, string expected)
    {
        ForeignModel.Write(ForeignModel.Affine(), _folder["affine.onnx"]);
        _folder.Write("rows.npy", NpyFileTests.Npy(type, shape, new byte[length], order));

        var run = Score("affine.onnx", "never.csv");

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), expected);
        Assert.IsFalse(File.Exists(_folder["never.csv"]) || File.Exists(ResumableFile.PartialOf(_folder["never.csv"])));
    }

    [TestMethod]
    [DataRow(new[] { "--input", "rows.npy", "--data", "fashion-mnist" }, "give exactly one of these")]
    [DataRow(new[] { "--input", "rows.npy", "--image-size", "8x8" }, "go with images")]
    [DataRow(new[] { "--input", "rows.npy", "--split", "test" }, "go with --data")]
    public void Options_that_contradict_each_other_are_refused(string[] options, string expected)
    {
        var run = TestTerminal.Run(["score", "model.onnx", .. options]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), expected);
    }

    void Save(string type, string shape, byte[] values) => _folder.Write("rows.npy", NpyFileTests.Npy(type, shape, values));

    TestTerminal Score(string model, string table, params string[] options) =>
        TestTerminal.Run(["score", _folder[model], "--input", _folder["rows.npy"], "--output", _folder[table], .. options]);
}
