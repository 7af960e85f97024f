using System.Globalization;
using System.Runtime.InteropServices;
using NoisyNN.Models.Training;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>
/// One network that several processes train together. Two ranks compute the parts that one process computes one after the other when it
/// accumulates half batches; a sum of two gradients has the same bits in either order.
/// </summary>
[TestClass]
public sealed class RankTrainingTests
{
    const int StopAt = 2;

    static readonly Dictionary<(int Size, bool UseMpi), TemporaryFolder> s_trained = [];
    static readonly Lazy<IReadOnlyDictionary<string, (byte[] Parameters, byte[] Statistics, TrainingResult Result)>> s_alone = new(() =>
        RankScenario.All.ToDictionary(
            scenario => scenario.Name,
            scenario =>
            {
                var options = scenario.Options();
                (options.BatchSize, options.AccumulationSteps) = (RankScenario.BatchSize / 2, 2);
                return scenario.Train(options);
            }
        )
    );

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [ClassCleanup]
    public static void RemoveFolders()
    {
        foreach (var folder in s_trained.Values)
            folder.Dispose();
    }

    [TestMethod]
    public void Two_ranks_have_the_bits_of_one_process_that_accumulates_half_batches() =>
        OnEachConnection(
            size: 2,
            folder =>
            {
                foreach (var (name, alone) in s_alone.Value)
                    for (var rank = 0; rank < 2; rank++)
                    {
                        CollectionAssert.AreEqual(
                            alone.Parameters,
                            File.ReadAllBytes(folder[$"{name}.{rank}.parameters"]),
                            $"{name}, {rank}"
                        );
                        Assert.AreEqual(Losses(alone.Result), File.ReadAllText(folder[$"{name}.{rank}.losses"]), $"{name}, {rank}");
                    }
            }
        );

    [TestMethod]
    public void Running_statistics_are_the_same_on_all_ranks() =>
        OnEachConnection(
            size: 2,
            folder =>
            {
                var first = File.ReadAllBytes(folder["residual network.0.statistics"]);
                Assert.HasCount(s_alone.Value["residual network"].Statistics.Length, first);
                CollectionAssert.AreEqual(first, File.ReadAllBytes(folder["residual network.1.statistics"]));
            }
        );

    [TestMethod]
    public void A_training_on_two_ranks_that_was_stopped_resumes_to_the_same_bits() =>
        OnEachConnection(
            size: 2,
            folder =>
            {
                for (var rank = 0; rank < 2; rank++)
                {
                    // All stop after the step in which they agree to.
                    Assert.AreEqual($"{StopAt + 1}, True", File.ReadAllText(folder[$"stopped.{rank}"]));
                    CollectionAssert.AreEqual(
                        s_alone.Value["transformer"].Parameters,
                        File.ReadAllBytes(folder[$"resumed.{rank}.parameters"])
                    );
                }
                Assert.HasCount(8, File.ReadAllLines(folder["run/metrics.jsonl"]));
            }
        );

    [TestMethod]
    public void Another_number_of_ranks_does_not_resume_a_checkpoint() =>
        OnEachConnection(
            size: 2,
            folder =>
            {
                var options = RankScenario.All[0].Options();
                (options.WorkspacePath, options.Resume) = (folder["run"], true);
                var refusal = Assert.Throws<ArgumentException>(() => RankScenario.All[0].Train(options));
                Assert.Contains("Ranks = 2, this training has 1", refusal.Message);
            }
        );

    [TestMethod]
    public void Three_ranks_with_unequal_parts_have_the_same_bits_and_nearly_those_of_one_process() =>
        OnEachConnection(
            size: 3,
            folder =>
            {
                foreach (var scenario in RankScenario.All)
                    for (var rank = 1; rank < 3; rank++)
                        CollectionAssert.AreEqual(
                            File.ReadAllBytes(folder[$"{scenario.Name}.0.parameters"]),
                            File.ReadAllBytes(folder[$"{scenario.Name}.{rank}.parameters"]),
                            scenario.Name
                        );
                var alone = Values(RankScenario.Plain.Train(RankScenario.Plain.Options()).Parameters);
                var ranks = Values(File.ReadAllBytes(folder["plain.0.parameters"]));
                var largest = alone.Zip(ranks).Max(pair => Math.Abs(pair.First - pair.Second));
                TestContext.WriteLine($"largest difference of a weight: {largest}");
                Assert.IsLessThan(1e-6f, largest);
            }
        );

    /// <summary>In a rank.</summary>
    static void TrainAll()
    {
        using var group = RankProcesses.Join();
        foreach (var scenario in RankScenario.All)
        {
            var (parameters, statistics, result) = scenario.Train(Ranked(scenario));
            Write($"{scenario.Name}.{group.Rank}.parameters", parameters);
            Write($"{scenario.Name}.{group.Rank}.statistics", statistics);
            File.WriteAllText(Path.Combine(RankProcesses.Folder, $"{scenario.Name}.{group.Rank}.losses"), Losses(result));
        }
        if (group.Size > 2)
            return;

        using var stop = new CancellationTokenSource();
        var options = Ranked(RankScenario.All[0]);
        (options.WorkspacePath, options.CancellationToken) = (Path.Combine(RankProcesses.Folder, "run"), stop.Token);
        options.MetricsCallback = report =>
        {
            if (report.Step == StopAt)
                stop.Cancel();
        };
        var stopped = RankScenario.All[0].Train(options).Result;
        File.WriteAllText(Path.Combine(RankProcesses.Folder, $"stopped.{group.Rank}"), $"{stopped.Steps}, {stopped.Interrupted}");

        options = Ranked(RankScenario.All[0]);
        (options.WorkspacePath, options.Resume) = (Path.Combine(RankProcesses.Folder, "run"), true);
        Write($"resumed.{group.Rank}.parameters", RankScenario.All[0].Train(options).Parameters);

        TrainingOptions Ranked(RankScenario scenario)
        {
            var ranked = scenario.Options();
            (ranked.Ranks, ranked.ProcessGroup) = (group.Size, group);
            return ranked;
        }

        static void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(RankProcesses.Folder, name), bytes);
    }

    void OnEachConnection(int size, Action<TemporaryFolder> check)
    {
        foreach (var useMpi in RankProcesses.UseMpi)
        {
            TestContext.WriteLine(useMpi ? "over MPI" : "over sockets");
            if (!s_trained.TryGetValue((size, useMpi), out var folder))
            {
                folder = s_trained[(size, useMpi)] = new TemporaryFolder();
                RankProcesses.Run(TrainAll, size, folder.Path, useMpi);
            }
            check(folder);
        }
    }

    static float[] Values(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    static string Losses(TrainingResult result) =>
        string.Join(
            '\n',
            result.Epochs.Select(epoch =>
                string.Create(CultureInfo.InvariantCulture, $"{epoch.Loss:R} {epoch.TrainingAccuracy:R} {epoch.ValidationLoss:R}")
            )
        );
}
