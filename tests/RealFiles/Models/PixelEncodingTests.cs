using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>What a model takes, as it states or as the user says, is what `score` and a pipeline feed it.</summary>
[TestClass]
public sealed class PixelEncodingTests : IDisposable
{
    static readonly Dimension[] s_planar = ["N", 3, 1, 2];

    readonly TemporaryFolder _folder = new();
    int _height = 1,
        _width = 2;

    [TestMethod]
    [DataRow("", "", "", new[] { 10f, 40, 20, 50, 30, 60 })]
    [DataRow("Bgr8", "", "", new[] { 30f, 60, 20, 50, 10, 40 })]
    [DataRow("Bgra8", "NominalRange_0_255", "", new[] { 30f, 60, 20, 50, 10, 40 })]
    [DataRow("", "Normalized_0_1", "", new[] { 10f / 255, 40f / 255, 20f / 255, 50f / 255, 30f / 255, 60f / 255 })]
    [DataRow(
        "",
        "Normalized_1_1",
        "",
        new[] { 20f / 255 - 1, 80f / 255 - 1, 40f / 255 - 1, 100f / 255 - 1, 60f / 255 - 1, 120f / 255 - 1 }
    )]
    // 16 + 219 * pixel / 255.
    [DataRow("", "NominalRange_16_235", "", new[] { 24.588236f, 50.352943f, 33.176471f, 58.941177f, 41.764706f, 67.529411f })]
    [DataRow(
        "",
        "",
        "--pixels bgr --range 0..2 --mean 0.1,0.2,0.3 --std 0.5",
        new[] { 0.27058825f, 0.74117649f, -0.086274497f, 0.38431376f, -0.44313726f, 0.027451f }
    )]
    // What the user says counts, not what the file says.
    [DataRow("Bgr8", "Normalized_0_1", "--pixels rgb", new[] { 10f, 40, 20, 50, 30, 60 })]
    public void Score_and_pipeline_feed_the_pixels_that_the_model_takes(string format, string range, string options, float[] expected)
    {
        Write(s_planar, ("Image.BitmapPixelFormat", format), ("Image.NominalPixelRange", range));

        AssertEqual(expected, Score(options));
        if (options.Length == 0)
            AssertEqual(expected, ScoreInPipeline(encoding: null));
    }

    [TestMethod]
    public void A_model_of_floats_whose_channels_come_last_gets_them_last()
    {
        (_height, _width) = (2, 1);
        Write(["N", 2, 1, 3], ("Image.BitmapPixelFormat", "Bgr8"));

        AssertEqual([30, 20, 10, 60, 50, 40], Score(""));
        AssertEqual([30, 20, 10, 60, 50, 40], ScoreInPipeline(encoding: null));
    }

    [TestMethod]
    public void Rows_of_pixels_are_not_taken_for_channels_where_there_are_three()
    {
        (_height, _width) = (3, 1);
        Write(["N", 3, 1, 3]);

        AssertEqual([10, 20, 30, 40, 50, 60, 70, 80, 90], ScoreInPipeline(encoding: null));
    }

    [TestMethod]
    public void Numbers_feed_a_model_unchanged_where_nobody_calls_them_raw_pixels()
    {
        Write(s_planar, ("Image.BitmapPixelFormat", "Bgr8"));
        var ml = new MLContext(1);
        var pixels = Pixels(ml);

        using var scorer = ml.Scoring.OnnxBatch("Score", "Pixels", _folder["model.onnx"]).Fit(pixels);

        AssertEqual([10, 40, 20, 50, 30, 60], scorer.Transform(pixels).GetColumn<float[]>("Score").Single());
    }

    [TestMethod]
    [DataRow("--range 1", "LOW..HIGH")]
    [DataRow("--range 1..1", "two different numbers")]
    [DataRow("--mean 0.1,x,0.3", "--mean is a number")]
    [DataRow("--mean 0.1,0.2", "one for each of the 3 channels")]
    [DataRow("--std 0", "must be above 0")]
    public void What_is_no_encoding_is_refused_before_a_table_appears(string options, string reason)
    {
        Write(s_planar);

        var run = Run(options);

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains(reason, run.Error);
        Assert.IsFalse(File.Exists(_folder["scores.csv"]));
    }

    [TestMethod]
    public void A_range_that_nobody_knows_is_refused_with_the_option_that_helps()
    {
        Write(s_planar, ("Image.NominalPixelRange", "NominalRange_Unknown"));

        var run = Run("");

        Assert.AreEqual(ExitCode.Failed, run.ExitCode, run.Error);
        Assert.Contains("'NominalRange_Unknown'", run.ErrorLines.Single());
        Assert.Contains("--range LOW..HIGH", run.ErrorLines.Single());
        AssertEqual([10, 40, 20, 50, 30, 60], Score("--range 0..255"));
    }

    public void Dispose() => _folder.Dispose();

    float[] Score(string options)
    {
        var run = Run(options);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return
        [
            .. File.ReadLines(_folder["scores.csv"])
                .Last()
                .Split(',')
                .Skip(1)
                .Select(value => float.Parse(value, CultureInfo.InvariantCulture)),
        ];
    }

    TestTerminal Run(string options) =>
        TestTerminal.Run([
            "score",
            _folder["model.onnx"],
            Image(),
            "--trusted",
            "--restart",
            "--output",
            _folder["scores.csv"],
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

    float[] ScoreInPipeline(PixelEncoding? encoding)
    {
        var ml = new MLContext(1);
        var pixels = Pixels(ml);
        using var scorer = ml
            .Scoring.OnnxBatch(
                new()
                {
                    ModelFile = _folder["model.onnx"],
                    RawPixels = true,
                    PixelEncoding = encoding,
                }
            )
            .Fit(pixels);
        return scorer.Transform(pixels).GetColumn<float[]>("Score").Single();
    }

    IDataView Pixels(MLContext ml)
    {
        var rows = ml.Data.LoadFromEnumerable([new Photo { Path = Image() }]);
        return ml.Images.Load("Pixels", "Path", _height, _width).Fit(rows).Transform(rows);
    }

    /// <summary>The pixels (10, 20, 30), (40, 50, 60) and, if there is a third, (70, 80, 90).</summary>
    string Image()
    {
        var address = new Picture(
            _width,
            _height,
            [.. new byte[] { 10, 20, 30, 40, 50, 60, 70, 80, 90 }.Take(3 * _width * _height)]
        ).ToDataUri();
        return _folder.Write("two.png", Convert.FromBase64String(address[(address.IndexOf(',') + 1)..]));
    }

    /// <summary>A model that returns what it is fed.</summary>
    void Write(Dimension[] shape, params (string Key, string Value)[] metadata)
    {
        var graph = new GraphBuilder("echo");
        var data = graph.Input("data", DataType.Float, shape);
        graph.Output("values", graph.Node("Identity", [data]), DataType.Float, shape);
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph.ToGraph(),
        };
        model.MetadataProps.Add(
            metadata
                .Where(entry => entry.Value.Length > 0)
                .Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value })
        );
        ForeignModel.Write(model, _folder["model.onnx"]);
    }

    static void AssertEqual(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-5f, $"value {index}");
    }

    sealed class Photo
    {
        public string Path { get; set; } = "";
    }
}
