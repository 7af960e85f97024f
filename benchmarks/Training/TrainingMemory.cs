using Microsoft.ML;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.ImageAugmentation;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// The memory of a training after 200 and after 1,000 steps (or more, to see where it leads), with checkpoints, validation, augmentation
/// and a moving average under way. It is what the system counts as resident, with all that the collector has yet to find: nothing is
/// collected for the measurement's sake.
/// </summary>
static class TrainingMemory
{
    const int Early = 200,
        StepsPerEpoch = 50,
        BatchSize = 32;

    public static IReadOnlyList<Comparison> Compare(int steps = 1000)
    {
        var context = new MLContext(1);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        var at = new Dictionary<long, double>();
        try
        {
            var options = new NoisyViTTrainer.Options
            {
                Network = new()
                {
                    ImageSize = RandomImages.Size,
                    PatchSize = 7,
                    Dimension = 64,
                    Depth = 4,
                    Heads = 4,
                    MlpDimension = 128,
                },
                BatchSize = BatchSize,
                MaxEpoch = steps / StepsPerEpoch,
                LogEverySteps = 10,
                CheckpointEverySteps = 50,
                WorkspacePath = Path.Combine(folder, "run"),
                MovingAverageDecay = 0.99,
                Augmentation = new(CropPadding: 2, HorizontalFlip: true, Operations: 1, MixupAlpha: 0.2),
                Seed = 1,
                ValidationSet = RandomImages.View(context, 200),
                MetricsCallback = metrics =>
                {
                    if (metrics.Step % Early != 0)
                        return;
                    at[metrics.Step] = Environment.WorkingSet / 1e6;
                    Console.Error.WriteLine(FormattableString.Invariant($"step {metrics.Step}: {at[metrics.Step]:0.0} MB"));
                },
            };
            using var model = context.Vision.NoisyViT(options).Fit(RandomImages.View(context, StepsPerEpoch * BatchSize));
            Console.Error.WriteLine(
                FormattableString.Invariant(
                    $"the loop waited {model.Training.Epochs.Skip(1).Average(epoch => epoch.WaitingShare):P2} of its time for rows, with crop, flip, one RandAugment operation and mixup on one thread"
                )
            );
            return
            [
                new("resident-memory", FormattableString.Invariant($"MB at step {steps:N0} against step {Early}"), at[steps], at[Early]),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
