using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Loads a folder of images (PNG, JPEG, WebP, BMP, GIF) that holds one folder for each class.</summary>
/// <remarks>
/// <c>DIR/CLASS</c>, from which a test and a validation split are cut, or <c>DIR/train/CLASS</c> with <c>DIR/test/CLASS</c>,
/// <c>DIR/validation/CLASS</c> or both; the other one is cut. Folders below a class folder are searched, links are followed. Files with the
/// same content always fall into the same split when we cut it.
/// </remarks>
public static class ImageFolder
{
    const int ListedFiles = 5;

    /// <summary>Loads a folder.</summary>
    /// <param name="context">The ML.NET context of the views; its log receives the warnings.</param>
    /// <param name="directory">The folder.</param>
    /// <param name="options">Size, splits, limits.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">Files cannot be read, a class is empty, there are fewer than two, or two splits share a
    /// file's content.</exception>
    public static ImageDataSet Load(MLContext context, string directory, ImageFolderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        options ??= new ImageFolderOptions();
        options.Validate();

        var listing = FolderListing.Read(directory);
        var warnings = new List<string>(listing.Warnings);
        var shape = new ImageShape(options.Channels, options.Height ?? options.ImageSize, options.Width ?? options.ImageSize);
        var decoder = new ImageDecoder(shape, new ImageDecoderOptions { Limits = options.Limits, ScaledDecoding = options.ScaledDecoding });
        var keepsAll = (long)listing.Images.Count * shape.Length <= options.CacheLength;
        if (!keepsAll)
            warnings.Add(
                $"{listing.Images.Count} resized images exceed the cache of "
                    + $"{options.CacheLength} bytes: each file is decoded whenever its row is read."
            );

        var files = ReadAll(listing.Images, decoder, keepsAll, options);
        var unreadable = files.Where(file => file.Error is not null).ToList();
        if (unreadable.Count > 0 && !options.SkipUnreadable)
            throw new InvalidDataException(
                $"{Describe(unreadable)}. Repair or remove {(unreadable.Count == 1 ? "the file" : "the files")}, or "
                    + $"{ImageFolderOptions.SkipRemedy}."
            );
        if (unreadable.Count > 0)
            warnings.Add($"{unreadable.Count} unreadable files were skipped: {Describe(unreadable)}.");

        FolderFile[] readable = [.. files.Where(file => file.Error is null)];
        warnings.AddRange(FolderNotes.Describe(readable));
        ThrowIfClassIsEmpty(readable, listing.Classes, directory);

        var table = new FolderImageTable(
            [.. readable.Select(file => file.Image)],
            decoder,
            keepsAll ? [.. readable.Select(file => file.Pixels!)] : null,
            shape
        );
        var splits = FolderSplits.Assign(readable, listing.Classes, options, warnings);
        Log(context, warnings);
        return new ImageDataSet(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            ContentHash.OfListing([.. readable.Select(file => (file.Sha256!, file.Image.Id)), .. DecodingMark(options)]),
            listing.Classes,
            new ImageSplit(table, splits.Train).Limit(options.TrainLimit, options.Seed, "train limit"),
            new ImageSplit(table, splits.Validation).Limit(options.ValidationLimit, options.Seed, "validation limit"),
            new ImageSplit(table, splits.Test).Limit(options.TestLimit, options.Seed, "test limit")
        )
        {
            SkippedCount = unreadable.Count,
            IsTestCut = options.Fold is not null || readable.All(file => file.Image.Split is not "test"),
            IsValidationCut = readable.All(file => file.Image.Split is not "validation"),
            Warnings = warnings,
        };
    }

    static FolderFile[] ReadAll(IReadOnlyList<FolderImage> images, ImageDecoder decoder, bool keepsAll, ImageFolderOptions options)
    {
        var files = new FolderFile[images.Count];
        try
        {
            Parallel.For(
                0,
                images.Count,
                new ParallelOptions { CancellationToken = options.CancellationToken },
                i => files[i] = Read(images[i])
            );
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        return files;

        FolderFile Read(FolderImage image)
        {
            try
            {
                if (ImageFileNames.IsUnusable(image.Path))
                    throw new InvalidDataException(ImageFileNames.UnusableName);
                var content = decoder.ReadFile(image.Path);
                // Files that are decoded on demand are at least checked now. Files that may be skipped are decoded, since views know their
                // row count.
                var pixels = keepsAll || options.SkipUnreadable ? new byte[decoder.Shape.Length] : null;
                var header = pixels is null ? decoder.Check(content) : decoder.Decode(content, pixels);
                return new FolderFile(image, ContentHash.Of(content), keepsAll ? pixels : null, header.Notes, null);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                return new FolderFile(image, null, null, ImageNotes.None, exception.Message);
            }
        }
    }

    /// <summary>Scaled decoding gives other pixels from the same files, so it is part of the fingerprint of the data.</summary>
    static IEnumerable<(string Sha256, string Name)> DecodingMark(ImageFolderOptions options) =>
        options.ScaledDecoding ? [(ContentHash.Of("scaled decoding"u8), "decoding")] : [];

    static void ThrowIfClassIsEmpty(FolderFile[] files, IReadOnlyList<string> classes, string directory)
    {
        var counts = new int[classes.Count];
        foreach (var file in files)
            counts[file.Image.Class]++;
        if (Array.IndexOf(counts, 0) is var empty and >= 0)
            throw new InvalidDataException(
                $"Class \"{classes[empty]}\" of {directory} has no readable image. Put images into it or remove it."
            );
    }

    static void Log(MLContext context, List<string> warnings)
    {
        using var channel = ((IHostEnvironment)context).Register(nameof(ImageFolder)).Start("Loading");
        foreach (var warning in warnings)
            channel.Warning(MessageSensitivity.UserData, "{0}", warning);
    }

    static string Describe(List<FolderFile> unreadable)
    {
        var listed = unreadable.Take(ListedFiles).Select(file => $"{file.Image.Path}: {file.Error?.TrimEnd('.')}");
        return string.Join("; ", listed) + (unreadable.Count > ListedFiles ? $"; and {unreadable.Count - ListedFiles} more" : "");
    }
}

/// <summary>What reading one file gave.</summary>
/// <param name="Image">The file.</param>
/// <param name="Sha256">The hash of its content; null if it is unreadable.</param>
/// <param name="Pixels">The resized image, if it is kept.</param>
/// <param name="Notes">What is unusual about it.</param>
/// <param name="Error">Why it is unreadable; null if it is not.</param>
sealed record FolderFile(FolderImage Image, string? Sha256, byte[]? Pixels, ImageNotes Notes, string? Error);
