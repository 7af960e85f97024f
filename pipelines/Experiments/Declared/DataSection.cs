using System.ComponentModel.DataAnnotations;
using NoisyNN.Pipelines.Data;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>Where the images come from: a manifest, or a folder with one subfolder per class.</summary>
/// <param name="Manifest">A data set of <c>data-manifests/</c> by name, or the path of a Croissant file.</param>
/// <param name="Directory">A folder with one subfolder of images (PNG, JPEG, WebP, BMP, GIF) per class.</param>
/// <param name="ValidationFraction">The share of the training rows of each class that chooses the model.</param>
/// <param name="TestFraction">The share of the rows of a folder without <c>train</c> and <c>test</c> that is kept for the final test.</param>
/// <param name="TrainLimit">The most training rows to use; all when left out.</param>
/// <param name="TestLimit">The most test rows to use; all when left out.</param>
/// <param name="ImageSize">The side that the images of a folder are resized to, in pixels.</param>
/// <param name="Channels">The channels of the images of a folder: 1 for grey, 3 for red, green and blue.</param>
/// <param name="SkipUnreadable">Whether unreadable files of a folder are skipped and counted. Otherwise the first one stops the run.</param>
/// <param name="ScaledDecoding">Whether large JPEG files of a folder are decoded at a part of their size. It is faster, and changes the
/// image by less than half a grey level in the mean.</param>
/// <param name="Folds">
/// Into how many folds of equal class shares the training rows, or all rows of a folder without splits, are cut. Each fold has a run, in
/// which it judges and the others train. No folds when left out.
/// </param>
/// <param name="Fold">The fold that judges, counted from 1; each fold in a run of its own when left out.</param>
public sealed record DataSection(
    string? Manifest = null,
    string? Directory = null,
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double ValidationFraction = 0.1,
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double TestFraction = 0.2,
    [Range(1, int.MaxValue)] int? TrainLimit = null,
    [Range(1, int.MaxValue)] int? TestLimit = null,
    [Range(8, 1024)] int ImageSize = 64,
    int Channels = 3,
    bool SkipUnreadable = false,
    bool ScaledDecoding = false,
    [Range(2, 100)] int? Folds = null,
    [Range(1, 100)] int? Fold = null
)
{
    /// <inheritdoc cref="DataSection"/>
    public string? Directory { get; } =
        Manifest is null == Directory is null
            ? throw new ArgumentException(
                "give either 'manifest: NAME' (a data set of data-manifests/) or 'directory: PATH' (one subfolder of images per class), one of the two",
                Manifest is null ? null : nameof(Directory)
            )
            : Directory;

    /// <inheritdoc cref="DataSection"/>
    public int? Fold { get; } =
        Fold is null || Fold <= Folds
            ? Fold
            : throw new ArgumentOutOfRangeException(
                nameof(Fold),
                Folds is null
                    ? "fold is one of several: say of how many with 'folds'"
                    : $"there is no fold {Fold} of {Folds}; they are counted from 1"
            );

    /// <summary>The fold that takes the place of the test rows, the first of several; null where there are none.</summary>
    internal DataFold? ChosenFold => Folds is { } folds ? new DataFold(Fold ?? 1, folds) : null;

    /// <inheritdoc cref="DataSection"/>
    public int Channels { get; } =
        Channels is 1 or 3
            ? Channels
            : throw new ArgumentOutOfRangeException(nameof(Channels), $"channels must be 1 (grey) or 3 (colour), got {Channels}");
}
