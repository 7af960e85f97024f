using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Tests.Samples;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Pixels;

/// <summary>
/// The same hundred images through everything that reads images. The probabilities of the model are the softmax of the pixels and a
/// zero, so that equal probabilities are equal pixels: each class has at least exp(-1) / 181 = 0.002, of which one level of one pixel
/// is 8e-6.
/// </summary>
[TestClass]
public sealed class OneWayToPixelsTests
{
    const int Height = 6,
        Width = 10,
        Values = 3 * Height * Width + 1;

    [TestMethod]
    public async Task A_hundred_images_have_equal_pixels_and_probabilities_in_training_score_pipeline_and_server()
    {
        using var folder = new TemporaryFolder();
        var model = ForeignModel.Write(SoftmaxOfPixels(), folder["model.onnx"]);
        string[] classes = ["even", "odd"];
        foreach (var (number, (name, content)) in HundredImages.Files.Index())
            folder.Write($"data/train/{classes[number % 2]}/{name}", content);
        for (var number = 0; number < 4; number++)
            folder.Write($"data/{(number < 2 ? "validation" : "test")}/{classes[number % 2]}/{number}.png", ImageFiles.Png(number));
        var ml = new MLContext(seed: 1);

        var training = ImageFolder.Load(ml, folder["data"], new() { Height = Height, Width = Width }).Train;
        var names = training.GetColumn<string>("Id").ToArray();
        Assert.HasCount(100, names);
        var expected = Scores(ml, model, training);
        var rows = ml.Data.LoadFromEnumerable(names.Select(name => new Row { Path = name }).ToArray());
        var pipeline = ml.Images.Load("Pixels", "Path", Height, Width, rootFolder: folder["data"]).Fit(rows).Transform(rows);

        Assert.AreSequenceEqual(
            training.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray(),
            pipeline.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray()
        );
        AssertEqual("pipeline", names, expected, Scores(ml, model, pipeline));
        AssertEqual("score", names, expected, Score(folder, model, names));
        AssertEqual("server", names, expected, await ServeAsync(folder, model, names));
        // Every image has a result of its own, so that no two could change places.
        var equal = expected
            .Zip(names)
            .GroupBy(image => string.Join(' ', image.First), image => image.Second)
            .Where(same => same.Count() > 1);
        Assert.AreEqual("", string.Join("; ", equal.Select(same => string.Join(" = ", same))));
    }

    static float[][] Scores(MLContext ml, string model, IDataView pixels)
    {
        using var scorer = ml.Scoring.OnnxBatch("Score", "Pixels", model).Fit(pixels);
        return [.. scorer.Transform(pixels).GetColumn<float[]>("Score")];
    }

    static float[][] Score(TemporaryFolder folder, string model, string[] names)
    {
        var run = TestTerminal.Run("score", model, folder["data/train"], "--output", folder["scores.csv"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var scores = File.ReadLines(folder["scores.csv"])
            .Skip(1)
            .Select(line => line.Split(','))
            .ToDictionary(
                cells => Path.GetFileName(cells[0]),
                cells => cells[3..].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray(),
                StringComparer.Ordinal
            );
        return [.. names.Select(name => scores[Path.GetFileName(name)])];
    }

    static async Task<float[][]> ServeAsync(TemporaryFolder folder, string model, string[] names)
    {
        using var server = await ServerProcess.StartAsync(model);
        var scores = new List<float[]>();
        foreach (var name in names)
        {
            var answer = await server.ScoreAsync(await File.ReadAllBytesAsync(folder[$"data/{name}"]));
            scores.Add([.. answer["predictions"]![0]!["probabilities"]!.AsArray().Select(one => one!["probability"]!.GetValue<float>())]);
        }
        return [.. scores];
    }

    static void AssertEqual(string way, string[] names, float[][] expected, float[][] actual)
    {
        Assert.HasCount(names.Length, actual);
        for (var image = 0; image < names.Length; image++)
        {
            Assert.HasCount(Values, actual[image]);
            for (var value = 0; value < Values; value++)
                Assert.AreEqual(expected[image][value], actual[image][value], 1e-6f, $"{way}, {names[image]}, value {value}");
        }
    }

    static ModelProto SoftmaxOfPixels()
    {
        var graph = new GraphBuilder("softmax of pixels");
        var pixels = graph.Input("pixels", DataType.Float, "N", 3, Height, Width);
        var flat = graph.Node("Flatten", [graph.Node("Div", [pixels, graph.Constant(255f)])], GraphAttribute.Of("axis", 1L));
        var padded = graph.Node("Pad", [flat, graph.Constant(0, 0, 0, 1)]);
        graph.Output("probabilities", graph.Node("Softmax", [padded], GraphAttribute.Of("axis", 1L)), DataType.Float, "N", Values);
        var labels = string.Join(',', Enumerable.Range(0, Values).Select(value => $"\"value {value}\""));
        return new()
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph.ToGraph(),
            MetadataProps =
            {
                new StringStringEntryProto { Key = "noisy.labels", Value = $"[{labels}]" },
            },
        };
    }

    sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
