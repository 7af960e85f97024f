using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx.Quantization;
using NoisyNN.Transforms.Onnx.Scoring;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Scoring;

/// <summary>
/// Rows a second of a micro ViT of the demo's kind (dim 192, depth 6, heads 3, patch 4, 28 x 28 grey, random weights), the same file and
/// two threads on all sides: our estimator over a data view, a bare loop of session runs, ML.NET's ApplyOnnxModel, onnxruntime-node, and
/// the file in int8.
/// </summary>
static class ScoringSpeed
{
    const int Threads = 2,
        Rounds = 9,
        RowsPerTurn = 512,
        RowsPerSlowTurn = 256;

    static readonly long[] s_rowShape = [1, 28, 28];

    public static IReadOnlyList<Comparison> Compare()
    {
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            var (path, int8) = (Path.Combine(folder, "float.onnx"), Path.Combine(folder, "int8.onnx"));
            Export(path);
            Quantizer.Dynamic(path, int8);
            ScoringMemory.Report();
            return Compare(path, int8);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static List<Comparison> Compare(string path, string int8)
    {
        var ml = new MLContext(seed: 1);
        var rows = Rows(ml, RowsPerTurn);
        using var ours = Scorer(ml, path, rows, "float32");
        using var small = Scorer(ml, int8, rows, "int8");
        var setting = ours.Setting;
        using var bare = new BareLoop(
            path,
            s_rowShape,
            classCount: 10,
            setting.BatchSize,
            setting.ParallelRuns,
            setting.IntraOpNumThreads ?? Threads
        );
        var options = new OnnxOptions
        {
            ModelFile = path,
            InputColumns = ["Pixels"],
            OutputColumns = ["Score"],
            IntraOpNumThreads = Threads,
        };
        using var applyOnnx = ml.Transforms.ApplyOnnxModel(options).Fit(rows);
        using var node = Peer.Node(Path.Combine("Scoring", "scoring.js"), Library(), path, "[1,28,28]", $"{Threads}");
        Console.Error.WriteLine($"onnxruntime-node: {node.Greeting}");

        var slowRows = Rows(ml, RowsPerSlowTurn);
        (string Name, Func<double> Turn, List<double> Rates)[] sides =
        [
            ("pipeline", () => RowsPerSecond(ours.Transform(rows)), []),
            ("bare", () => bare.RowsPerSecond(RowsPerTurn), []),
            ("node", () => node.Ask($"{RowsPerTurn}").GetProperty("rate").GetDouble(), []),
            ("applyonnx", () => RowsPerSecond(applyOnnx.Transform(slowRows)), []),
            ("int8", () => RowsPerSecond(small.Transform(rows)), []),
        ];
        var seconds = new Dictionary<string, double>();
        for (var round = 0; round <= Rounds; round++)
        {
            // Another order each time, so that nobody always runs after the same neighbour; the first round warms up.
            for (var turn = 0; turn < sides.Length; turn++)
            {
                var side = sides[(turn + round) % sides.Length];
                var before = Environment.CpuUsage.TotalTime;
                var rate = side.Turn();
                if (round == 0)
                    continue;
                side.Rates.Add(rate);
                seconds[side.Name] = seconds.GetValueOrDefault(side.Name) + (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            }
        }

        // A busy machine takes turns away from one side or the other; what they cost in processor time it changes less.
        foreach (
            var (name, perTurn) in ((string, int)[])
                [("pipeline", RowsPerTurn), ("bare", RowsPerTurn), ("applyonnx", RowsPerSlowTurn), ("int8", RowsPerTurn)]
        )
            Console.Error.WriteLine(
                FormattableString.Invariant($"{name}: {seconds[name] / Rounds / perTurn * 1000:0.000} ms of processor time a row")
            );
        var medians = sides.ToDictionary(side => side.Name, side => Comparison.Median(side.Rates));
        return
        [
            new("pipeline-vs-bare", "rows/s", medians["pipeline"], medians["bare"]),
            new("pipeline-vs-applyonnx", "rows/s", medians["pipeline"], medians["applyonnx"]),
            new("best-vs-node", "rows/s", medians["pipeline"], medians["node"]),
            new("int8-vs-fp32", "rows/s", medians["int8"], medians["pipeline"]),
        ];
    }

    static OnnxBatchTransformer Scorer(MLContext ml, string path, IDataView rows, string name)
    {
        var scorer = ml.Scoring.OnnxBatch(new OnnxBatchEstimator.Options { ModelFile = path }).Fit(rows);
        Console.Error.WriteLine($"{name}: {scorer.WarmUp(rows.Schema)}");
        return scorer;
    }

    public static double RowsPerSecond(IDataView scored)
    {
        var column = scored.Schema["Score"];
        var clock = Stopwatch.StartNew();
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var (score, rows, sum) = (default(VBuffer<float>), 0, 0f);
        while (cursor.MoveNext())
        {
            getter(ref score);
            sum += score.GetValues()[0];
            rows++;
        }
        return float.IsFinite(sum)
            ? rows / clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException("The scores are not numbers; the times say nothing.");
    }

    public static IDataView Rows(MLContext ml, int count)
    {
        var random = new Random(1);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, count)
                .Select(_ => new Image { Pixels = [.. Enumerable.Range(0, 784).Select(_ => (float)random.Next(256))] })
                .ToList()
        );
    }

    public static void Export(string path)
    {
        set_num_threads(Threads);
        manual_seed(1);
        using var network = new NoisyViT(
            new NoisyViTConfiguration
            {
                ImageSize = 28,
                PatchSize = 4,
                ClassCount = 10,
                Dimension = 192,
                Depth = 6,
                Heads = 3,
                MlpDimension = 768,
                Mean = [0.2860],
                StandardDeviation = [0.3530],
            }
        );
        OnnxExporter.Export(network, new OnnxExportOptions { Labels = [.. Enumerable.Range(0, 10).Select(label => $"{label}")] }, path);
    }

    static string Library() =>
        Environment.GetEnvironmentVariable("NOISYNN_ONNXRUNTIME_NODE")
        ?? throw new InvalidOperationException(
            "NOISYNN_ONNXRUNTIME_NODE does not name the folder of onnxruntime-node; start this with benchmarks/run."
        );

    sealed class Image
    {
        [VectorType(1, 28, 28)]
        public float[] Pixels { get; set; } = [];
    }
}
