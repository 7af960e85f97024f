using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// The source of the images: a manifest, or a folder with one subfolder per class. The options of <see cref="ImageFolderOptions"/> and
/// <see cref="DataOptions"/> are keys, too.
/// </summary>
public sealed record DataSection : ImageFolderOptions
{
    /// <summary>A data set of <c>data-manifests/</c> by name, or the path of a Croissant file.</summary>
    [Option(OptionEffect.Outcome)]
    public string? Manifest { get; init; }

    /// <summary>
    /// A folder with one subfolder of images (PNG, JPEG, WebP, BMP, GIF) per class. If the working directory has no such folder, it is
    /// looked for in the folder of the data sets, such as ~/.local/share/noisynn.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public string? Directory { get; init; }

    /// <summary>
    /// The number of folds with equal class shares that the training rows are cut into, or all rows of a folder without splits. Each fold
    /// judges in a run of its own, and the other folds train. No folds when left out.
    /// </summary>
    [Option(OptionEffect.Outcome), Range(2, 100)]
    public int? Folds { get; init; }

    /// <summary>The fold that judges, counted from 1. When left out, each fold judges in a run of its own.</summary>
    [Option(OptionEffect.Outcome, Key = "fold"), Range(1, 100)]
    public int? JudgingFold { get; init; }

    /// <summary>
    /// The share of the training rows that get a random class in place of their own. Validation and test rows keep theirs. 1 leaves nothing
    /// to learn but by heart.
    /// </summary>
    [Option(OptionEffect.Outcome), Range(0.0, 1.0)]
    public double RandomLabels { get; init; }

    /// <summary>
    /// A square at a random place that covers a part of every image, in all splits; none when left out. The report has what the last
    /// block still tells about its place.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public OcclusionNuisance? Occlusion { get; init; }

    /// <summary>
    /// A larger canvas with every image at a random place among crops of others, in all splits; none when left out. The report has what the
    /// last block still tells about its place.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public ClutterNuisance? Clutter { get; init; }

    /// <summary>The nuisance on every image; null for none.</summary>
    internal NuisanceDefinition? Nuisance => Occlusion ?? (NuisanceDefinition?)Clutter;

    /// <summary>The fold that takes the place of the test rows, or the first of several; null without folds.</summary>
    internal DataFold? ChosenFold => Folds is { } folds ? new DataFold(JudgingFold ?? 1, folds) : null;

    internal override void Validate()
    {
        base.Validate();
        if (Manifest is null == Directory is null)
            throw new ArgumentException(
                "give either 'manifest: NAME' (a data set of data-manifests/) or 'directory: "
                    + "PATH' (one subfolder of images per class), one of the two",
                Manifest is null ? null : nameof(Directory)
            );
        if (Occlusion is not null && Clutter is not null)
            throw new ArgumentException("give either 'occlusion' or 'clutter'; an image has one nuisance, and one place", nameof(Clutter));
        if (ValidationFraction == 0)
            throw new ArgumentOutOfRangeException(
                nameof(ValidationFraction),
                "the validation rows choose the epoch of an experiment; give a share above 0"
            );
        if (JudgingFold is { } fold && !(fold <= Folds))
            throw new ArgumentOutOfRangeException(
                nameof(JudgingFold),
                Folds is null
                    ? "fold is one of several folds: set their number with 'folds'"
                    : $"there is no fold {fold} of {Folds}; they are counted from 1"
            );
    }
}
