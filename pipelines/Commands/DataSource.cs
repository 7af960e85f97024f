using Microsoft.ML;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Commands;

/// <summary>What <c>--data</c> names: a folder with one subfolder of images per class, or a data set of <c>data-manifests/</c>.</summary>
static class DataSource
{
    /// <summary>The data set in the size that a model takes.</summary>
    /// <exception cref="InvalidDataException">A manifest's images have another size than the model takes.</exception>
    public static ImageDataSet Load(MLContext ml, string source, ImageShape shape, int seed, bool skipUnreadable, CancellationToken cancellation)
    {
        if (Directory.Exists(source) && !File.Exists(Path.Combine(source, DataManifest.FileName)))
            return ImageFolder.Load(ml, source, new ImageFolderOptions
            {
                Channels = shape.Channels,
                Height = shape.Height,
                Width = shape.Width,
                Seed = seed,
                SkipUnreadable = skipUnreadable,
                CancellationToken = cancellation,
            });

        var data = ManifestSource.Load(ml, source, new DataOptions { Seed = seed, CancellationToken = cancellation });
        return (data.Channels, data.Height, data.Width) == (shape.Channels, shape.Height, shape.Width)
            ? data
            : throw new InvalidDataException($"{data.Name} has images of {data.Channels} x {data.Height} x {data.Width}, the model takes {shape.Channels} x {shape.Height} x {shape.Width}.");
    }

    public static (IDataView Rows, long Total) TestRows(MLContext ml, string source, ImageShape shape, CancellationToken cancellation)
    {
        var data = Load(ml, source, shape, seed: 1, skipUnreadable: false, cancellation);
        return (data.Test, data.TestCount);
    }
}
