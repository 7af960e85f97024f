using Microsoft.ML;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Labelled;
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
        var shape = new ImageShape(split.Channels, split.Height, split.Width);
        var images =
            split.Images.Format is ManifestFormat.Idx
                ? ReadIdx(manifest, split, options)
                : ReadOne(VerifiedFile.Read(manifest, split.Images, options.DataRoot), manifest, split, shape);

        var stray = images.Classes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(manifest.Labels.Count - 1));
        if (stray >= 0)
            throw new InvalidDataException(
                $"{split.Labels.Name}: row {stray} has class {images.Classes[stray]}; "
                    + $"{manifest.Path} declares 0 to {manifest.Labels.Count - 1}."
            );
        var table = new MemoryImageTable(split.Split, images.Pixels, images.Classes, shape);
        return new ImageSplit(table, [.. Enumerable.Range(0, images.Classes.Length)]);
    }

    static LabelledImages ReadOne(byte[] content, DataManifest manifest, ManifestSplit split, ImageShape shape) =>
        split.Images.Format switch
        {
            ManifestFormat.CifarArchive => CifarArchive.Read(content, split.Images.Name, split.Split, shape),
            ManifestFormat.EmojiArchive => EmojiArchive.Read(content, split.Images.Name, split.Split, shape, manifest.Labels),
            ManifestFormat.CellSheet => CellSheet.Read(content, split.Images.Name, split.Split, shape, manifest.Labels.Count),
            var other => throw new NotSupportedException($"{split.Images.Name}: the format {other} cannot be read."),
        };

    static LabelledImages ReadIdx(DataManifest manifest, ManifestSplit split, DataOptions options)
    {
        var labels = IdxFile.Read(VerifiedFile.Read(manifest, split.Labels, options.DataRoot), split.Labels.Name, rank: 1);
        var images = IdxFile.Read(VerifiedFile.Read(manifest, split.Images, options.DataRoot), split.Images.Name, rank: 3);
        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if ((1, height, width) != (split.Channels, split.Height, split.Width))
            throw new InvalidDataException(
                $"{split.Images.Name} holds grey images of {height} x {width} pixels; "
                    + $"{manifest.Path} says {split.Height} x {split.Width} in {split.Channels} channels."
            );
        if (count != labels.Values.Length)
            throw new InvalidDataException(
                $"{split.Images.Name} holds {count} images, but {split.Labels.Name} {labels.Values.Length} labels."
            );
        return new(images.Values, labels.Values);
    }
}
