using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Weights;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Auditing;
using NoisyNN.Transforms.Onnx.Isolation;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx.Auditing;

[TestClass]
public sealed class AuditTests
{
    static readonly MLContext s_ml = new(1);
    static readonly TemporaryFolder s_folder = new();

    [ClassCleanup]
    public static void Remove() => s_folder.Dispose();

    [TestMethod]
    public void Softmax_over_the_batch_leaks_and_is_named()
    {
        // A row's scores, divided by the sum over the rows of the batch: a class that is frequent in the batch loses.
        var graph = new GraphBuilder("foreign");
        var data = graph.Input("data", DataType.Float, "N", 3);
        var scaled = graph.Node("Mul", [data, graph.Constant(2f)]);
        graph.Output("probs", graph.Node("Softmax", [scaled], GraphAttribute.Of("axis", 0L)), DataType.Float, "N", 3);

        var audit = Audit(Write(graph, "softmax.onnx"), Evidence(1000, 3));

        Assert.AreEqual(AuditVerdict.Leaks, audit.Verdict, audit.ToString());
        Assert.AreEqual("Softmax", audit.Operator!.Type);
        Assert.Contains("first operator that mixes rows is Softmax", audit.ToString());
        Assert.Contains("classes in alphabetical order", audit.Notes.Single());
    }

    [TestMethod]
    public void A_mean_over_the_batch_is_followed_back_to_its_operator()
    {
        var graph = new GraphBuilder("mean");
        var data = graph.Input("data", DataType.Float, "N", 3);
        var mean = graph.Node("ReduceMean", [data], GraphAttribute.Of("axes", [0L]), GraphAttribute.Of("keepdims", 1L));
        graph.Output("probs", graph.Node("Add", [data, mean]), DataType.Float, "N", 3);

        var audit = Audit(Write(graph, "mean.onnx"), Evidence(1000, 3));

        Assert.AreEqual(AuditVerdict.Leaks, audit.Verdict, audit.ToString());
        Assert.AreEqual("ReduceMean", audit.Operator!.Type);
        var leak = audit.LeakIndexes.Single(leak => leak.Batch == 10);
        Assert.IsGreaterThan(0.05, leak.Value);
        Assert.IsGreaterThan(0.0, leak.Interval!.Value.Low);
    }

    [TestMethod]
    public void An_exported_vision_transformer_with_batch_mixing_is_found_and_without_it_is_clean()
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        var rows = OwnPredictions(network, 600);
        var options = new OnnxExportOptions { Labels = Names(10) };
        OnnxExporter.Export(network, options, s_folder["clean.onnx"]);
        OnnxExporter.Export(
            network,
            options with
            {
                InputNoise = new OptimalMixingNoise(MixAxis.Batch),
                InputNoiseScope = NoiseScope.Always,
            },
            s_folder["mixing.onnx"]
        );

        var (clean, mixing) = (Audit(s_folder["clean.onnx"], rows), Audit(s_folder["mixing.onnx"], rows));

        Assert.AreEqual(AuditVerdict.Clean, clean.Verdict, clean.ToString());
        Assert.IsTrue(clean.LeakIndexes.All(leak => leak is { Value: 0, Interval: { Low: 0, High: 0 } }));
        Assert.IsNull(clean.Operator);
        Assert.AreNotEqual(AuditVerdict.Clean, mixing.Verdict, mixing.ToString());
        Assert.IsNotNull(mixing.Operator);
        // Alone, mixing over the batch changes nothing.
        Assert.AreEqual(clean.Accuracies[0], mixing.Accuracies[0]);
    }

    [TestMethod]
    public void Eight_networks_without_a_leak_are_cleared()
    {
        var residual = NoisyResNetConfiguration.Micro(12, channels: 1) with { ClassCount = 10 };
        (ClassifierConfiguration Network, OnnxExportOptions Options)[] files =
        [
            (RandomNetwork.Grey, new()),
            (RandomNetwork.Grey, new() { PixelInput = PixelInput.ByteInterleaved }),
            (RandomNetwork.Grey, new() { WeightPrecision = WeightPrecision.Float16 }),
            (RandomNetwork.Colour, new()),
            (residual, new()),
            (residual, new() { AnyImageSize = true }),
            (AllCnnConfiguration.ForCifar(filterPercentage: 25), new()),
            (new NoisyClassifierConfiguration { FeatureCount = 20, ClassCount = 4 }, new()),
        ];
        for (var i = 0; i < files.Length; i++)
        {
            using var network = RandomWeights.Create(files[i].Network, seed: 1);
            OnnxExporter.Export(network, files[i].Options with { Labels = Names(network.Configuration.ClassCount) }, s_folder[$"{i}.onnx"]);
            var rows = RandomRows(network, 24);

            var audit = s_ml.Evaluation.Audit(
                rows,
                new()
                {
                    ModelFile = s_folder[$"{i}.onnx"],
                    InputColumnName = "Values",
                    RawPixels = files[i].Network is not NoisyClassifierConfiguration,
                },
                options: new() { BatchSizes = [2, 10], ShuffleCount = 2 }
            );

            Assert.AreEqual(AuditVerdict.Clean, audit.Verdict, $"{i}: {audit}");
            Assert.IsLessThanOrEqualTo(1e-6, audit.NeighbourChange);
        }
    }

    [TestMethod]
    public void A_model_in_a_process_of_its_own_is_judged_in_the_same_way()
    {
        var graph = new GraphBuilder("mean");
        var data = graph.Input("data", DataType.Float, "N", 3);
        var mean = graph.Node("ReduceMean", [data], GraphAttribute.Of("axes", [0L]), GraphAttribute.Of("keepdims", 1L));
        graph.Output("probs", graph.Node("Sub", [data, mean]), DataType.Float, "N", 3);
        var path = Write(graph, "isolated.onnx");
        var rows = Evidence(300, 3);

        var (here, isolated) = (Audit(path, rows), Audit(path, rows, new ModelIsolation()));

        Assert.AreEqual(here.Operator, isolated.Operator);
        Assert.AreEqual("ReduceMean", here.Operator!.Type);
        Assert.AreSequenceEqual(here.Accuracies.ToArray(), isolated.Accuracies.ToArray());
    }

    [TestMethod]
    public void Labels_that_are_not_the_models_are_refused()
    {
        var graph = new GraphBuilder("four");
        var data = graph.Input("data", DataType.Float, "N", 3);
        graph.Output("probs", graph.Node("Mul", [data, graph.Constant(2f)]), DataType.Float, "N", 3);
        var path = Write(graph, "plain.onnx");

        Assert.AreEqual(AuditVerdict.Clean, Audit(path, Evidence(100, 3)).Verdict);
        Assert.Contains(
            "3 scores per row, but the rows have 2 classes",
            Assert.ThrowsExactly<InvalidDataException>(() => Audit(path, Evidence(100, 2))).Message
        );
        Assert.Contains("same class", Assert.ThrowsExactly<InvalidDataException>(() => Audit(path, Evidence(100, 1))).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AuditOptions { BatchSizes = [1] });
    }

    static ModelAudit Audit(string path, IDataView rows, ModelIsolation? isolation = null) =>
        s_ml.Evaluation.Audit(
            rows,
            new()
            {
                ModelFile = path,
                InputColumnName = "Values",
                Isolation = isolation,
            }
        );

    static string Write(GraphBuilder graph, string name) =>
        ForeignModel.Write(
            new ModelProto
            {
                IrVersion = 8,
                OpsetImport = { new OperatorSetIdProto { Version = 13 } },
                Graph = graph.ToGraph(),
            },
            s_folder[name]
        );

    /// <summary>Three scores, of which that of the true class has a mean of 1.5.</summary>
    static IDataView Evidence(int count, int classes)
    {
        var random = new Random(1);
        return View(
            Enumerable
                .Range(0, count)
                .Select(row =>
                {
                    var values = Statistics.Simulation.Normal(random, 3, 0, 1);
                    values[row % classes] += 1.5;
                    return new Row { Values = [.. values.Select(value => (float)value)], Label = $"class {row % classes}" };
                }),
            3
        );
    }

    /// <summary>Random rows, each with the class that the network itself gives it alone.</summary>
    static IDataView OwnPredictions(Classifier network, int count)
    {
        var random = new Random(1);
        var classifier = new NetworkClassifier(network, TorchSharp.torch.CPU);
        var rows = Enumerable
            .Range(0, count)
            .Select(_ =>
            {
                var shade = random.Next(256);
                float[] values = [.. Enumerable.Range(0, classifier.InputLength).Select(_ => (float)random.Next(Math.Max(1, shade)))];
                var logits = new float[classifier.ClassCount];
                classifier.Classify(values, 1, logits);
                return new Row { Values = values, Label = $"{Array.IndexOf(logits, logits.Max()):00}" };
            })
            .ToList();
        return View(rows, [.. network.Configuration.InputShape]);
    }

    /// <summary>Random rows with the classes in turn.</summary>
    static IDataView RandomRows(Classifier network, int count)
    {
        var random = new Random(1);
        var shape = network.Configuration.InputShape.ToArray();
        var length = shape.Aggregate((product, size) => product * size);
        return View(
            Enumerable
                .Range(0, count)
                .Select(row => new Row
                {
                    Values = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(256))],
                    Label = $"{row % network.Configuration.ClassCount:00}",
                }),
            shape
        );
    }

    static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(index => $"{index:00}")];

    static IDataView View(IEnumerable<Row> rows, params int[] shape)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape);
        // A view reads its rows again and again.
        return s_ml.Data.LoadFromEnumerable(rows.ToList(), schema);
    }

    sealed class Row
    {
        public float[] Values { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
