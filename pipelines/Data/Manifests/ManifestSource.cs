using Microsoft.ML;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>Loads data sets that a manifest describes, after checking every file against it.</summary>
public static class ManifestSource
{
    /// <summary>Loads a data set.</summary>
    /// <param name="context">The ML.NET context that the views are for.</param>
    /// <param name="manifestPathOrName">A manifest, its folder, or a data set's name below <c>data-manifests</c>.</param>
    /// <param name="options">Splits and limits.</param>
    /// <exception cref="FileNotFoundException">The manifest or a file is missing; the message says how to get it.</exception>
    /// <exception cref="InvalidDataException">The manifest is malformed, or a file differs from it.</exception>
    public static ImageDataSet Load(MLContext context, string manifestPathOrName, DataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        options ??= new DataOptions();
        options.Validate();

        var manifest = DataManifest.Find(manifestPathOrName);
        var test = Read(manifest, manifest.Test, options);
        var train = Read(manifest, manifest.Train, options);
        if (options.Fold is { } fold)
        {
            var (others, judging) = fold.Cut(train.Rows, train.Table.ClassOf, manifest.Labels, options.Seed);
            (train, test) = (train with { Rows = others }, train with { Rows = judging });
        }
        ImageSplit validation;
        if (manifest.Validation is { } published)
        {
            validation = Read(manifest, published, options);
        }
        else
        {
            var (kept, held) = StratifiedSampling.Cut(
                train.Rows,
                train.Table.ClassOf,
                options.ValidationFraction,
                options.Seed,
                "validation"
            );
            (train, validation) = (train with { Rows = kept }, train with { Rows = held });
        }

        return new ImageDataSet(
            manifest.Name,
            manifest.Sha256,
            manifest.Labels,
            train.Limit(options.TrainLimit, options.Seed, "train limit"),
            validation.Limit(options.ValidationLimit, options.Seed, "validation limit"),
            test.Limit(options.TestLimit, options.Seed, "test limit")
        )
        {
            IsTestCut = options.Fold is not null,
            IsValidationCut = manifest.Validation is null,
        };
    }

    static ImageSplit Read(DataManifest manifest, ManifestSplit split, DataOptions options)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        var labels = IdxFile.Read(VerifiedFile.Read(manifest, split.Labels, options.DataRoot), split.Labels.Name, rank: 1);
        var images = IdxFile.Read(VerifiedFile.Read(manifest, split.Images, options.DataRoot), split.Images.Name, rank: 3);

        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if ((height, width) != (split.Height, split.Width))
            throw new InvalidDataException(
                $"{split.Images.Name} holds images of {height} x {width} pixels; {manifest.Path} says {split.Height} x {split.Width}."
            );
        if (count != labels.Values.Length)
            throw new InvalidDataException(
                $"{split.Images.Name} holds {count} images, but {split.Labels.Name} {labels.Values.Length} labels."
            );
        var stray = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(manifest.Labels.Count - 1));
        if (stray >= 0)
            throw new InvalidDataException(
                $"{split.Labels.Name}: row {stray} has class {labels.Values[stray]}; "
                    + $"{manifest.Path} declares 0 to {manifest.Labels.Count - 1}."
            );

        var table = new MemoryImageTable(split.Split, images.Values, labels.Values, new ImageShape(1, height, width));
        return new ImageSplit(table, [.. Enumerable.Range(0, count)]);
    }
}
