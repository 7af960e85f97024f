using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training.ImageAugmentation;
using TorchSharp;

namespace NoisyNN.Tests.Training;

[TestClass]
public class MemoryTests
{
    [TestMethod]
    public void No_step_leaves_a_tensor_behind()
    {
        var images = new PlantedImages();
        var options = images.Options(epochs: 4);
        // On one thread, since tensors are counted by thread.
        (options.ThreadCount, options.LogEverySteps, options.BatchSize, options.AccumulationSteps) = (1, 1, 2, 2);
        (options.MovingAverageDecay, options.Augmentation, options.BalanceClasses, options.ValidationSet) = (
            0.9,
            new(CropPadding: 1, MixupAlpha: 0.2),
            true,
            images.View(12)
        );
        var counts = new List<(int Epoch, (long InScopes, long Outside) Count)>();
        options.MetricsCallback = report =>
        {
            var statistics = DisposeScopeManager.Statistics;
            if (!report.EpochCompleted)
                counts.Add((report.Epoch, (statistics.ThreadTotalLiveCount, statistics.CreatedOutsideScopeCount)));
        };
        using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(120));
        // Thirty steps an epoch, of which all but the last report.
        foreach (var epoch in counts.GroupBy(count => count.Epoch))
            Assert.HasCount(1, epoch.Skip(1).Select(count => count.Count).Distinct().ToList());
        Assert.HasCount(4 * 29, counts);
    }
}
