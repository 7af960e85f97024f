using TorchSharp;

namespace NoisyNN.Tests.Training;

[TestClass]
public class MemoryTests
{
    [TestMethod]
    public void The_number_of_live_tensors_is_the_same_after_every_step()
    {
        var images = new PlantedImages();
        var options = images.Options(epochs: 4);
        // On one thread, since tensors are counted by thread.
        (options.ThreadCount, options.LogEverySteps, options.BatchSize, options.AccumulationSteps) = (1, 1, 2, 2);
        (options.MovingAverageDecay, options.Augmentation, options.BalanceClasses, options.ValidationSet) = (0.9, new(CropPadding: 1, MixupAlpha: 0.2), true, images.View(12));
        var counts = new List<(int Epoch, long Count)>();
        options.MetricsCallback = report =>
        {
            if (!report.EpochCompleted)
                counts.Add((report.Epoch, DisposeScopeManager.Statistics.ThreadTotalLiveCount));
        };
        using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(120));
        // The first epoch's end makes the copy of the best weights.
        Assert.HasCount(87, counts.Where(count => count.Epoch > 1).ToList());
        Assert.HasCount(1, counts.Where(count => count.Epoch > 1).Select(count => count.Count).Distinct().ToList());
        Assert.HasCount(1, counts.Where(count => count.Epoch == 1).Skip(1).Select(count => count.Count).Distinct().ToList());
    }
}
