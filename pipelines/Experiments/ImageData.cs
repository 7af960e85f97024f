using Microsoft.ML;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Loads what the data section of an experiment names.</summary>
static class ImageData
{
    public static ImageDataSet Load(MLContext ml, DataSection data, int seed, CancellationToken cancellation) => data.Directory is { } directory
        ? ImageFolder.Load(ml, directory, new ImageFolderOptions
        {
            ImageSize = data.ImageSize,
            Channels = data.Channels,
            SkipUnreadable = data.SkipUnreadable,
            ValidationFraction = data.ValidationFraction,
            TestFraction = data.TestFraction,
            TrainLimit = data.TrainLimit,
            TestLimit = data.TestLimit,
            Seed = seed,
            CancellationToken = cancellation,
        })
        : ManifestSource.Load(ml, data.Manifest!, new DataOptions
        {
            ValidationFraction = data.ValidationFraction,
            TrainLimit = data.TrainLimit,
            TestLimit = data.TestLimit,
            Seed = seed,
            CancellationToken = cancellation,
        });
}
