using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Benchmarks.Scoring;

/// <summary>
/// What a process of its own costs a model: rows a second there and in this process, the same file, batches and threads on both sides, in
/// alternating turns. First the micro ViT of <see cref="ScoringSpeed"/>, then a network so small that hardly more than the exchange is
/// left.
/// </summary>
static class IsolationCost
{
    const int Rounds = 9;

    public static IReadOnlyList<Comparison> Compare()
    {
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            var (micro, tiny) = (Path.Combine(folder, "micro.onnx"), Path.Combine(folder, "tiny.onnx"));
            ScoringSpeed.Export(micro);
            ScoringMemory.Export(tiny);
            var ml = new MLContext(seed: 1);
            return
            [
                Compare(ml, "isolated-vs-inprocess", micro, ScoringSpeed.Rows(ml, 512), new(32, 2, 1, RowsPerSecond: null)),
                Compare(ml, "isolated-vs-inprocess-tiny", tiny, ScoringMemory.Rows(ml, 100_000), new(256, 2, 1, RowsPerSecond: null)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Comparison Compare(MLContext ml, string name, string path, IDataView rows, OnnxBatchSetting setting)
    {
        using var isolated = Scorer(ml, path, rows, setting, new ModelIsolation());
        using var here = Scorer(ml, path, rows, setting, isolation: null);
        var (scoredThere, scoredHere) = (isolated.Transform(rows), here.Transform(rows));
        var rates = (There: new List<double>(), Here: new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            // Now one first, now the other.
            var (there, inProcess) = (0.0, 0.0);
            if (round % 2 == 0)
                there = ScoringSpeed.RowsPerSecond(scoredThere);
            inProcess = ScoringSpeed.RowsPerSecond(scoredHere);
            if (round % 2 == 1)
                there = ScoringSpeed.RowsPerSecond(scoredThere);
            // The first round warms up.
            if (round == 0)
                continue;
            rates.There.Add(there);
            rates.Here.Add(inProcess);
        }
        return new(name, "rows/s", Comparison.Median(rates.There), Comparison.Median(rates.Here));
    }

    static OnnxBatchTransformer Scorer(MLContext ml, string path, IDataView rows, OnnxBatchSetting setting, ModelIsolation? isolation) =>
        ml
            .Scoring.OnnxBatch(
                new OnnxBatchEstimator.Options
                {
                    ModelFile = path,
                    BatchSize = setting.BatchSize,
                    ParallelRuns = setting.ParallelRuns,
                    IntraOpNumThreads = setting.IntraOpNumThreads,
                    Isolation = isolation,
                }
            )
            .Fit(rows);
}
