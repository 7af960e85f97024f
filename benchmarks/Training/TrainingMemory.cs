using Microsoft.ML;
using NoisyNN.Models.Training;
using TorchSharp;

namespace NoisyNN.Benchmarks.Training;

/// <summary>What a training holds after 200 and after 1,000 steps, with checkpoints, validation, augmentation and a moving average under way.</summary>
static class TrainingMemory
{
    const int Early = 200, Late = 1000;

    public static IReadOnlyList<Comparison> Compare()
    {
        var context = new MLContext(1);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        var at = new Dictionary<long, (double Megabytes, double Tensors)>();
        try
        {
            var options = new NoisyViTTrainer.Options
            {
                Network = new() { ImageSize = MicroTransformer.Size, PatchSize = 7, Dimension = 64, Depth = 4, Heads = 4, MlpDimension = 128 },
                BatchSize = 32, MaxEpoch = 21, LogEverySteps = 10, CheckpointEverySteps = 50, WorkspacePath = Path.Combine(folder, "run"), MovingAverageDecay = 0.99,
                Augmentation = new(CropPadding: 2, HorizontalFlip: true, Operations: 1, MixupAlpha: 0.2), Seed = 1,
                ValidationSet = MicroTransformer.RandomView(context, 200),
                MetricsCallback = metrics => at.TryAdd(metrics.Step, (Environment.WorkingSet / 1e6, DisposeScopeManager.Statistics.ThreadTotalLiveCount)),
            };
            // 50 steps an epoch.
            using var model = context.Vision.NoisyViT(options).Fit(MicroTransformer.RandomView(context, 1600));
            return
            [
                new("resident-memory", "MB at step 1,000 and 200", at[Late].Megabytes, at[Early].Megabytes),
                new("live-tensors", "at step 1,000 and 200", at[Late].Tensors, at[Early].Tensors),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
