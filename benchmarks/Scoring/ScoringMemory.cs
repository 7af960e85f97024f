using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Benchmarks.Scoring;

/// <summary>
/// Memory while a million rows go through a tiny network: the process after the first tenth and at the end, and what the managed heap
/// handed out per row.
/// </summary>
static class ScoringMemory
{
    const int RowCount = 1_000_000;

    public static void Report()
    {
        var path = Path.Combine(Path.GetTempPath(), $"noisynn-benchmark-{Guid.NewGuid():N}.onnx");
        try
        {
            Export(path);
            var ml = new MLContext(seed: 1);
            var rows = ml.Data.LoadFromEnumerable(Stream());
            using var scorer = ml
                .Scoring.OnnxBatch(
                    new OnnxBatchEstimator.Options
                    {
                        ModelFile = path,
                        BatchSize = 256,
                        ParallelRuns = 2,
                    }
                )
                .Fit(rows);
            Measure(scorer.Transform(rows));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes the tiny network.</summary>
    public static void Export(string path)
    {
        using var network = new NoisyViT(
            new NoisyViTConfiguration
            {
                ImageSize = 4,
                PatchSize = 4,
                ClassCount = 2,
                Dimension = 8,
                Depth = 1,
                Heads = 1,
                MlpDimension = 8,
            }
        );
        OnnxExporter.Export(network, new OnnxExportOptions { Labels = ["a", "b"] }, path);
    }

    /// <summary>Rows of the tiny network.</summary>
    public static IDataView Rows(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Stream().Take(count).ToList());

    static void Measure(IDataView scored)
    {
        var column = scored.Schema["Score"];
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var score = default(VBuffer<float>);
        var (count, early, allocatedEarly) = (0, 0L, 0L);
        while (cursor.MoveNext())
        {
            getter(ref score);
            if (++count == RowCount / 10)
                (early, allocatedEarly) = (Environment.WorkingSet, GC.GetTotalAllocatedBytes(precise: true));
        }
        var (late, allocated) = (Environment.WorkingSet, GC.GetTotalAllocatedBytes(precise: true) - allocatedEarly);
        Console.Error.WriteLine(
            FormattableString.Invariant(
                $"memory over {count:N0} rows: {early / 1048576.0:0} MiB after {RowCount / 10:N0} rows, {late / 1048576.0:0} MiB at the end; {(double)allocated / (count - RowCount / 10):0.0} bytes handed out per row"
            )
        );
    }

    static IEnumerable<Row> Stream()
    {
        var row = new Row { Pixels = [.. Enumerable.Range(0, 16).Select(pixel => pixel * 16f)] };
        for (var index = 0; index < RowCount; index++)
            yield return row;
    }

    sealed class Row
    {
        [VectorType(1, 4, 4)]
        public float[] Pixels { get; set; } = [];
    }
}
