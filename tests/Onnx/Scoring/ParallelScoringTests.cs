using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Blocks are computed ahead, on other threads; whoever reads the rows does not notice.</summary>
[TestClass]
public sealed class ParallelScoringTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Every_setting_gives_the_same_rows_in_the_same_order()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 101);
        var expected = RandomNetwork.Logits(network, pixels).Chunk(10).ToArray();

        foreach (var (batch, runs, threads) in ((int, int, int)[])[(1, 1, 1), (8, 2, 1), (16, 3, 1), (33, 1, 2), (101, 2, 2), (512, 4, 1)])
        {
            foreach (var count in (int[])[0, 1, batch, 101])
            {
                var rows = _context.Data.LoadFromEnumerable(
                    pixels.Chunk(144).Take(count).Select((values, index) => new Image { Number = index, Pixels = values }).ToList()
                );
                using var transformer = Fit(folder, rows, batch, runs, threads);
                var scored = _context.Data.CreateEnumerable<Scored>(transformer.Transform(rows), reuseRowObject: false).ToList();

                Assert.HasCount(Math.Min(count, 101), scored);
                for (var row = 0; row < scored.Count; row++)
                {
                    Assert.AreEqual(row, scored[row].Number);
                    for (var logit = 0; logit < 10; logit++)
                        Assert.AreEqual(
                            expected[row][logit],
                            scored[row].Score[logit],
                            1e-5f,
                            $"row {row} with batches of {batch}, {runs} at a time"
                        );
                }
            }
        }
    }

    [TestMethod]
    public void What_goes_wrong_in_the_source_is_told_at_its_row_and_not_before()
    {
        using var folder = new TemporaryFolder();
        ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]);
        var rows = _context.Data.LoadFromEnumerable(Failing(goodRows: 21));
        using var transformer = Fit(folder, rows, batch: 4, runs: 2, threads: 1);
        var view = transformer.Transform(rows);
        using var cursor = view.GetRowCursor(view.Schema);
        var seen = 0;

        var error = Assert.Throws<Exception>(() =>
        {
            while (cursor.MoveNext())
                seen++;
        });

        StringAssert.Contains(error.GetBaseException().Message, "row 21 is unreadable");
        // The five whole batches before it; the sixth never ran.
        Assert.AreEqual(20, seen);
    }

    [TestMethod]
    public void Cursor_may_be_left_in_the_middle_and_the_model_freed_while_blocks_are_under_way()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        var pixels = RandomNetwork.Pixels(network, 256);
        var rows = _context.Data.LoadFromEnumerable(
            pixels.Chunk(144).Select((values, index) => new Image { Number = index, Pixels = values }).ToList()
        );

        for (var turn = 0; turn < 20; turn++)
        {
            var transformer = Fit(folder, rows, batch: 16, runs: 2, threads: 1);
            var view = transformer.Transform(rows);
            var cursor = view.GetRowCursor([view.Schema["Score"]]);
            Assert.IsTrue(cursor.MoveNext());
            if (turn % 2 == 0)
            {
                cursor.Dispose();
                transformer.Dispose();
                Assert.IsFalse(cursor.MoveNext());
            }
            else
            {
                transformer.Dispose();
                Assert.ThrowsExactly<ObjectDisposedException>(() =>
                {
                    while (cursor.MoveNext())
                        continue;
                });
                cursor.Dispose();
            }
        }
    }

    [TestMethod]
    public void Rows_cost_no_memory_of_their_own()
    {
        using var folder = new TemporaryFolder();
        ForeignModel.Write(ForeignModel.Affine(("noisy.labels", """["ant","bee","cat"]""")), folder["model.onnx"]);
        var few = Rows(2_000);
        var many = Rows(42_000);
        using var transformer = Fit(folder, few, batch: 64, runs: 2, threads: 1);
        Allocated(transformer.Transform(few));

        var source = Allocated(many, "Values") - Allocated(few, "Values");
        var scored = Allocated(transformer.Transform(many)) - Allocated(transformer.Transform(few));

        // What the source itself allocates is its own affair; a block of 64 rows may cost its task.
        Assert.IsLessThan(40_000 * 16, scored - source, $"{scored} bytes, {source} of them the source's");
    }

    [TestMethod]
    public void Warm_up_chooses_says_what_and_leaves_the_scores_alone()
    {
        using var folder = new TemporaryFolder();
        ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]);
        var lines = new List<string>();
        _context.Log += (_, log) =>
        {
            lock (lines)
                lines.Add(log.Message);
        };
        var rows = Rows(300);
        using var transformer = _context.Scoring.OnnxBatch("Score", "Values", folder["model.onnx"]).Fit(rows);
        var modest = transformer.Setting;

        var chosen = transformer.WarmUp(rows.Schema);

        Assert.IsNull(modest.RowsPerSecond);
        Assert.IsGreaterThan(0, chosen.RowsPerSecond!.Value);
        Assert.AreEqual(chosen, transformer.Setting);
        lock (lines)
            Assert.IsTrue(lines.Any(line => line.Contains($"{chosen.BatchSize} row", StringComparison.Ordinal)), string.Join('\n', lines));
        var scores = transformer.Transform(rows).GetColumn<float[]>("Score").ToList();
        for (var row = 0; row < 300; row++)
            Assert.AreEqual(2f * row + 1, scores[row][0]);
    }

    [TestMethod]
    public void Given_setting_is_kept_without_a_warm_up()
    {
        using var folder = new TemporaryFolder();
        ForeignModel.Write(ForeignModel.Affine(), folder["model.onnx"]);
        var rows = Rows(3);
        using var transformer = Fit(folder, rows, batch: 5, runs: 3, threads: 1);

        Assert.AreEqual(new OnnxBatchSetting(5, 3, 1, RowsPerSecond: null), transformer.WarmUp(rows.Schema));
    }

    OnnxBatchTransformer Fit(TemporaryFolder folder, IDataView rows, int batch, int runs, int threads) =>
        _context
            .Scoring.OnnxBatch(
                new OnnxBatchEstimator.Options
                {
                    OutputColumnName = "Score",
                    InputColumnName = rows.Schema.GetColumnOrNull("Pixels") is null ? "Values" : "Pixels",
                    ModelFile = folder["model.onnx"],
                    Output = rows.Schema.GetColumnOrNull("Pixels") is null ? null : "Logits",
                    BatchSize = batch,
                    ParallelRuns = runs,
                    IntraOpNumThreads = threads,
                }
            )
            .Fit(rows);

    IDataView Rows(int count) =>
        _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Row { Values = [row, row + 1, row + 2] }).ToList());

    static IEnumerable<Row> Failing(int goodRows)
    {
        for (var row = 0; ; row++)
            yield return row < goodRows ? new Row { Values = [row, row, row] } : throw new InvalidDataException($"row {row} is unreadable");
    }

    static long Allocated(IDataView view, string columnName = "Score")
    {
        var column = view.Schema[columnName];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using (var cursor = view.GetRowCursor([column]))
        {
            var getter = cursor.GetGetter<VBuffer<float>>(column);
            var value = default(VBuffer<float>);
            while (cursor.MoveNext())
                getter(ref value);
        }
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    sealed class Row
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    sealed class Image
    {
        public int Number { get; set; }

        [VectorType(1, 12, 12)]
        public float[] Pixels { get; set; } = [];
    }

    sealed class Scored
    {
        public int Number { get; set; }

        public float[] Score { get; set; } = [];
    }
}
