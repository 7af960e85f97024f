using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>Labelled images for commands that choose something by their training rows. No other rows are read.</summary>
static class TrainingImages
{
    /// <param name="ml">The context of the views.</param>
    /// <param name="source">A folder with one subfolder of images per class, or a data set of <c>data-manifests/</c>.</param>
    /// <param name="limit">The most training rows; null for all.</param>
    /// <param name="seed">Decides the splits that the data lack, and the rows that the limit keeps.</param>
    /// <param name="cancellation">Stops loading.</param>
    /// <param name="shape">The size for the images of a folder, such as that of a network; null for the default size.</param>
    /// <exception cref="InvalidDataException">There are no training rows.</exception>
    public static ImageDataSet Load(
        MLContext ml,
        string source,
        int? limit,
        int seed,
        CancellationToken cancellation,
        ImageShape? shape = null
    )
    {
        if (limit < 1)
            throw new UsageException($"--limit is {limit}; it must be at least 1.");
        var isFolder = Directory.Exists(source) && !File.Exists(Path.Combine(source, DataManifest.FileName));
        var section = isFolder
            ? new DataSection
            {
                Directory = source,
                TrainLimit = limit,
                Channels = shape?.Channels ?? 3,
            }
            : new DataSection { Manifest = source, TrainLimit = limit };
        var images = ImageData.Load(ml, section, seed, cancellation, shape);
        return images.TrainCount > 0 ? images : throw new InvalidDataException($"{images.Name} has no training rows.");
    }
}
