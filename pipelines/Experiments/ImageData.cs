using Microsoft.ML;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Loads what the data section of an experiment names.</summary>
static class ImageData
{
    /// <param name="ml">The context of the views.</param>
    /// <param name="data">The section.</param>
    /// <param name="seed">Decides the splits that the data do not come with.</param>
    /// <param name="cancellation">Stops loading.</param>
    /// <param name="shape">Another size for the images of a folder than the section's: that of a model.</param>
    public static ImageDataSet Load(MLContext ml, DataSection data, int seed, CancellationToken cancellation, ImageShape? shape = null)
    {
        var options = data with
        {
            Height = shape?.Height,
            Width = shape?.Width,
            Fold = data.ChosenFold,
            Seed = seed,
            CancellationToken = cancellation,
        };
        var images = data.Directory is { } directory
            ? ImageFolder.Load(ml, DataFolder.OfImages(directory), options)
            : ManifestSource.Load(ml, data.Manifest!, options);
        if (data.Nuisance is { } nuisance)
            images = WithNuisance(images, nuisance, seed);
        return data.RandomLabels > 0 ? images.WithRandomLabels(data.RandomLabels, seed) : images;
    }

    static ImageDataSet WithNuisance(ImageDataSet images, NuisanceDefinition nuisance, int seed)
    {
        try
        {
            return images.WithNuisance(nuisance, seed);
        }
        catch (ArgumentException refused)
        {
            throw new InvalidDataException($"data.{nuisance.Name} does not fit {images.Name}: {refused.Message}", refused);
        }
    }
}
