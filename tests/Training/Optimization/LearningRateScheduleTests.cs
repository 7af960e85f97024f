using NoisyNN.Models.Training.Optimization;

namespace NoisyNN.Tests.Training.Optimization;

[TestClass]
public class LearningRateScheduleTests
{
    [TestMethod]
    public void The_rate_rises_in_a_straight_line_and_falls_along_half_a_cosine()
    {
        var schedule = new LearningRateSchedule(BaseRate: 1, FinalRatio: 0, WarmupSteps: 4, StepCount: 10);
        double[] expected = [.25, .5, .75, 1, 0.9330127019, .75, .5, .25, 0.0669872981, 0];
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], schedule.At(step), 1e-10);
    }

    [TestMethod]
    public void Without_warm_up_it_starts_near_the_base_rate_and_ends_at_the_final_share()
    {
        var schedule = new LearningRateSchedule(BaseRate: 0.002, FinalRatio: 0.1, WarmupSteps: 0, StepCount: 1000);
        Assert.AreEqual(0.002, schedule.At(0), 1e-8);
        Assert.AreEqual(0.0002, schedule.At(999), 1e-12);
        Assert.AreEqual(0.0011, schedule.At(499), 1e-12);
    }
}
