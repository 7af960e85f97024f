using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Tests.Experiments.Running;

/// <summary>The time that all trainings of a run still take.</summary>
[TestClass]
public sealed class RunProgressTests
{
    static TrainingMetrics Report(double elapsed, double remaining) =>
        new()
        {
            Epoch = 1,
            EpochCount = 2,
            Step = 1,
            StepCount = 2,
            Loss = 1,
            LearningRate = 0.1,
            ImagesPerSecond = 10,
            ElapsedSeconds = elapsed,
            RemainingSeconds = remaining,
        };

    [TestMethod]
    public void A_training_that_has_not_begun_is_expected_to_take_as_long_as_the_first()
    {
        var progress = new RunProgress(["vanilla", "noisy"]);
        Assert.IsNull(progress.RemainingSeconds);
        Assert.AreEqual(0, progress.Share);

        progress.Update("vanilla", Report(elapsed: 10, remaining: 30));

        Assert.AreEqual(30 + 40, progress.RemainingSeconds);
        Assert.AreEqual(10 / 80.0, progress.Share, 1e-12);
    }

    [TestMethod]
    public void A_training_that_stopped_early_is_over_when_the_next_one_reports()
    {
        var progress = new RunProgress(["vanilla", "noisy"]);
        progress.Update("vanilla", Report(elapsed: 10, remaining: 30));

        progress.Update("noisy", Report(elapsed: 5, remaining: 25));

        Assert.AreEqual(25, progress.RemainingSeconds);
        Assert.AreEqual(15 / 40.0, progress.Share, 1e-12);

        progress.Update("noisy", Report(elapsed: 30, remaining: 0));
        Assert.AreEqual(1, progress.Share);
    }
}
