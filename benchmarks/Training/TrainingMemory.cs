using Microsoft.ML;
using NoisyNN.Models.Training;

namespace NoisyNN.Benchmarks.Training;

/// <summary>The memory of a training after 200 and after 1,000 steps, with checkpoints, validation, augmentation and a moving average under way.</summary>
static class TrainingMemory
{
    const int Early = 200, Late = 1000;

    public static IReadOnlyList<Comparison> Compare()
    {
        var context = new MLContext(1);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        var at = new Dictionary<long, double>();
        try
        {
            var options = new NoisyViTTrainer.Options
            {
                Network = new() { ImageSize = MicroTransformer.Size, PatchSize = 7, Dimension = 64, Depth = 4, Heads = 4, MlpDimension = 128 },
                BatchSize = 32, MaxEpoch = 21, LogEverySteps = 10, CheckpointEverySteps = 50, WorkspacePath = Path.Combine(folder, "run"), MovingAverageDecay = 0.99,
                Augmentation = new(CropPadding: 2, HorizontalFlip: true, Operations: 1, MixupAlpha: 0.2), Seed = 1,
                ValidationSet = MicroTransformer.RandomView(context, 200),
                MetricsCallback = metrics =>
                {
                    if (metrics.Step is Early or Late)
                        at.TryAdd(metrics.Step, Measure());
                },
            };
            // 50 steps an epoch.
            using var model = context.Vision.NoisyViT(options).Fit(MicroTransformer.RandomView(context, 1600));
            Console.Error.WriteLine(FormattableString.Invariant(
                $"the loop waited {model.Training.Epochs.Skip(1).Average(epoch => epoch.WaitingShare):P2} of its time for rows, with crop, flip, one RandAugment operation and mixup on one thread"));
            return
            [
                new("resident-memory", "MB at step 1,000 against step 200", at[Late], at[Early]),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Megabytes in memory, without what the garbage collector has yet to find.</summary>
    static double Measure()
    {
        var before = Environment.WorkingSet / 1e6;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.Error.WriteLine(FormattableString.Invariant($"{before:0.0} MB in memory, {Environment.WorkingSet / 1e6:0.0} after a collection"));
        return Environment.WorkingSet / 1e6;
    }
}
