using System.Diagnostics;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>A model in a process of its own computes the same; what it does to that process is one exception, and no more.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class IsolatedModelTests
{
    static readonly ModelIsolation s_limits = new() { MemoryLimit = 1L << 30, BatchTime = TimeSpan.FromSeconds(20) };

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    /// <summary>Estimators of other tests that nobody disposed of keep their processes until they are collected.</summary>
    [TestInitialize]
    public void CollectOthers()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow("DepthToSpace with a block of 2^62")]
    [DataRow("OneHot with an empty depth")]
    [DataRow("Attention without a bias")]
    public void A_file_that_crashes_ONNX_Runtime_is_a_refusal_and_this_process_lives(string kind)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<ModelProcessException>(() =>
            RawModel.Score(folder, HostileModels.Of(kind), RawModel.Rows(3, 4), s_limits)
        );

        TestContext.WriteLine(refusal.Message);
        Assert.Contains("model.onnx", refusal.Message);
        Assert.MatchesRegex("SIG(SEGV|ABRT|FPE|BUS)", refusal.Reason);
        AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow("ConstantOfShape of a computed shape")]
    [DataRow("Expand to a computed shape")]
    [DataRow("constants that unfold while loading")]
    public void A_file_that_wants_all_memory_is_refused_at_the_limit(string kind)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<ModelProcessException>(() =>
            RawModel.Score(folder, HostileModels.Of(kind), RawModel.Rows(3, 4), s_limits)
        );

        TestContext.WriteLine(refusal.Message);
        Assert.Contains("1,024 MiB", refusal.Message);
        AssertNothingIsLeft();
    }

    [TestMethod]
    public void A_loop_without_an_end_is_ended_when_its_time_is_over()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.ThrowsExactly<ModelProcessException>(() =>
            RawModel.Score(
                folder,
                HostileModels.Of("a loop without an end"),
                RawModel.Rows(3, 4),
                s_limits with
                {
                    BatchTime = TimeSpan.FromSeconds(1.5),
                }
            )
        );

        Assert.Contains("did not finish a batch of 1 rows within 1.5 seconds", refusal.Message);
        AssertNothingIsLeft();
    }

    [TestMethod]
    public void Cancellation_ends_the_process()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        Assert.Throws<OperationCanceledException>(() =>
            RawModel.Score(folder, HostileModels.Of("a loop without an end"), RawModel.Rows(3, 4), s_limits, cancellation.Token)
        );

        AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(7, 2)]
    [DataRow(64, 3)]
    public void Scores_are_the_same_bit_by_bit_in_both_processes(int batchSize, int parallelRuns)
    {
        using var folder = new TemporaryFolder();
        var rows = RawModel.Rows(200, 64);
        var model = Product(64, 32);
        using var here = new RawScorer(folder, model, 64, isolation: null, batchSize: batchSize, parallelRuns: parallelRuns);
        using var there = new RawScorer(folder, model, 64, s_limits, batchSize: batchSize, parallelRuns: parallelRuns);

        Assert.IsFalse(here.Transformer.IsIsolated);
        Assert.IsTrue(there.Transformer.IsIsolated);
        var (expected, actual) = (here.Score(rows), there.Score(rows));
        Assert.HasCount(200, actual);
        for (var row = 0; row < rows.Length; row++)
            Assert.AreSequenceEqual(expected[row], actual[row]);
        // A warm-up opens further sessions; the values stay those of rounding.
        there.Transformer.WarmUp(there.Schema);
        Assert.AreEqual(expected[0][0], there.Score(rows)[0][0], 1e-4f);
    }

    [TestMethod]
    public void What_the_model_refuses_is_told_and_the_process_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, RefusesLargeValues(), 4, s_limits);
        var process = ModelProcesses.OfThisProcess.Single();

        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() =>
            scorer.Score([
                [9, 9, 9, 9],
            ])
        );

        Assert.Contains("failed on a batch of 1 rows", refusal.Message);
        Assert.AreSequenceEqual(
            [2f],
            scorer.Score([
                [0.5f, 1, 1, 1],
            ])[0]
        );
        Assert.AreEqual(process, ModelProcesses.OfThisProcess.Single());
    }

    [TestMethod]
    public void A_file_that_ONNX_Runtime_cannot_load_is_refused_as_it_is_in_this_process()
    {
        using var folder = new TemporaryFolder();
        var model = Product(4, 2);
        model.Graph.Node[0].OpType = "Levitate";

        var refusal = Assert.ThrowsExactly<InvalidDataException>(() => RawModel.Score(folder, model, RawModel.Rows(1, 4), s_limits));

        Assert.Contains("Levitate", refusal.Message);
        AssertNothingIsLeft();
    }

    [TestMethod]
    public void After_the_process_was_killed_the_next_rows_get_another_one()
    {
        using var folder = new TemporaryFolder();
        using var scorer = new RawScorer(folder, Product(4, 2), 4, s_limits, batchSize: 2);
        var rows = RawModel.Rows(5, 4);
        var expected = scorer.Score(rows);
        var first = ModelProcesses.OfThisProcess.Single();

        Process.GetProcessById(first).Kill();
        Assert.IsTrue(ModelProcesses.HasEndedWithin(first, TimeSpan.FromSeconds(10)));
        // Whether the end is seen before the next request is a matter of microseconds: it is one exception, or none.
        var attempts = 0;
        while (true)
            try
            {
                attempts++;
                for (var row = 0; row < rows.Length; row++)
                    Assert.AreSequenceEqual(expected[row], scorer.Score(rows)[row]);
                break;
            }
            catch (ModelProcessException killed)
            {
                Assert.Contains("SIGKILL", killed.Message);
                Assert.AreEqual(1, attempts);
            }

        Assert.AreNotEqual(first, ModelProcesses.OfThisProcess.Single());
    }

    [TestMethod]
    public void Killed_in_the_middle_of_a_batch_it_is_one_exception()
    {
        using var folder = new TemporaryFolder();
        using var killed = new ManualResetEventSlim();
        var killer = Task.Run(() =>
        {
            // The trial of the rows already runs the loop.
            int process;
            while ((process = ModelProcesses.OfThisProcess.SingleOrDefault()) == 0)
                Thread.Sleep(20);
            Thread.Sleep(1500);
            Process.GetProcessById(process).Kill();
        });

        var refusal = Assert.ThrowsExactly<ModelProcessException>(() =>
            RawModel.Score(folder, HostileModels.Of("a loop without an end"), RawModel.Rows(3, 4), s_limits)
        );

        killer.Wait();
        Assert.Contains("killed from outside (SIGKILL)", refusal.Message);
        AssertNothingIsLeft();
    }

    [TestMethod]
    [DataRow("end")]
    [DataRow("kill")]
    [DataRow("compute")]
    public void The_process_ends_with_its_parent_however_that_ends(string how)
    {
        var (_, output, error) = ChildProcess.Run(
            how switch
            {
                "end" => ScoreAndEnd,
                "kill" => ScoreAndBeKilled,
                _ => ComputeAndBeKilled,
            }
        );

        var process = output.Split('\n').Select(line => int.TryParse(line, out var id) ? id : 0).FirstOrDefault(id => id > 0);
        Assert.AreNotEqual(0, process, output + error);
        Assert.IsTrue(ModelProcesses.HasEndedWithin(process, TimeSpan.FromSeconds(10)), $"{process} is still there");
    }

    [TestMethod]
    public void Limits_that_nothing_can_work_in_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (
            var (limits, name) in new[]
            {
                (s_limits with { MemoryLimit = 1 }, "MemoryLimit"),
                (s_limits with { LoadingTime = TimeSpan.Zero }, "LoadingTime"),
                (s_limits with { BatchTime = TimeSpan.FromDays(2) }, "BatchTime"),
            }
        )
            Assert.Contains(
                name,
                Assert
                    .ThrowsExactly<ArgumentOutOfRangeException>(() => RawModel.Score(folder, Product(4, 2), RawModel.Rows(1, 4), limits))
                    .Message
            );
    }

    static void ScoreAndEnd()
    {
        using var folder = new TemporaryFolder();
        var scorer = new RawScorer(folder, Product(4, 2), 4, s_limits);
        scorer.Score(RawModel.Rows(3, 4));
        Console.WriteLine(ModelProcesses.OfThisProcess.Single());
    }

    static void ScoreAndBeKilled()
    {
        ScoreAndEnd();
        Console.Out.Flush();
        Process.GetCurrentProcess().Kill();
    }

    static void ComputeAndBeKilled()
    {
        using var folder = new TemporaryFolder();
        var computing = Task.Run(() => RawModel.Score(folder, HostileModels.Of("a loop without an end"), RawModel.Rows(3, 4), s_limits));
        while (ModelProcesses.OfThisProcess.Count == 0)
            Thread.Sleep(20);
        Thread.Sleep(1500);
        Assert.IsFalse(computing.IsCompleted);
        Console.WriteLine(ModelProcesses.OfThisProcess.Single());
        Console.Out.Flush();
        Process.GetCurrentProcess().Kill();
    }

    /// <summary>No process, and no shared memory with a name.</summary>
    static void AssertNothingIsLeft()
    {
        foreach (var process in ModelProcesses.OfThisProcess)
            Assert.IsTrue(ModelProcesses.HasEndedWithin(process, TimeSpan.FromSeconds(10)));
        // The one that has ended is waited for by another thread.
        var end = DateTime.UtcNow.AddSeconds(10);
        while (ModelProcesses.OfThisProcess.Count > 0 && DateTime.UtcNow < end)
            Thread.Sleep(20);
        Assert.IsEmpty(ModelProcesses.OfThisProcess, "no zombie");
        Assert.IsEmpty(Directory.GetFiles("/dev/shm", "noisynn-*"));
    }

    /// <summary>Rows times a matrix.</summary>
    static ModelProto Product(int inputs, int outputs) =>
        RawModel.Model(
            [RawModel.Tensor("x", DataType.Float, "N", inputs)],
            [RawModel.Tensor("y", DataType.Float, "N", outputs)],
            [RawModel.Node("MatMul", ["x", "w"], ["y"])],
            RawModel.Floats("w", [inputs, outputs], [.. RawModel.Rows(1, inputs * outputs)[0]])
        );

    /// <summary>Looks the first value up in a table of two: 0 and 1 are there, 9 is not.</summary>
    static ModelProto RefusesLargeValues() =>
        RawModel.Model(
            [RawModel.Tensor("x", DataType.Float, "N", 4)],
            [RawModel.Tensor("y", DataType.Float, "N", 1)],
            [
                RawModel.Node("Slice", ["x", "zero", "one", "axis"], ["first"]),
                RawModel.Node("Cast", ["first"], ["index"], GraphAttribute.Of("to", (long)DataType.Int64)),
                RawModel.Node("Gather", ["table", "index"], ["y"]),
            ],
            RawModel.Longs("zero", [1], 0),
            RawModel.Longs("one", [1], 1),
            RawModel.Longs("axis", [1], 1),
            RawModel.Floats("table", [2], 2, 3)
        );
}
