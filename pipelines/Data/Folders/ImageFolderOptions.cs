using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>How a folder of images is read.</summary>
public record ImageFolderOptions : DataOptions
{
    /// <summary>The height and width that the images of a folder are resized to.</summary>
    [Option(OptionEffect.Outcome, Unit = "pixels"), Range(1, 4096)]
    public int ImageSize { get; init; } = 64;

    /// <summary>Rows of a resized image; null for <see cref="ImageSize"/>.</summary>
    [Range(1, 4096)]
    public int? Height { get; init; }

    /// <summary>Pixels of a row of a resized image; null for <see cref="ImageSize"/>.</summary>
    [Range(1, 4096)]
    public int? Width { get; init; }

    /// <summary>The channels of the images of a folder: 1 for grey, 3 for red, green and blue.</summary>
    [Option(OptionEffect.Outcome), AllowedValues(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>
    /// The share of the rows of each class that is held out for testing, if a folder has no <c>train</c> and <c>test</c>.
    /// </summary>
    [Option(OptionEffect.Outcome), Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>
    /// Whether unreadable files of a folder are left out and counted; otherwise they are an error. If so, every file is decoded once on
    /// loading.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public bool SkipUnreadable { get; init; }

    /// <summary>
    /// Whether a file whose content is in two of the given splits is only a warning; otherwise it is an error. A test on training images
    /// rewards memory.
    /// </summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>
    /// The most bytes of resized images to keep in memory. If all images fit, each file is decoded once, on loading. Otherwise it is
    /// decoded whenever its row is read.
    /// </summary>
    public long CacheLength { get; init; } = 1L << 30;

    /// <summary>
    /// Whether large JPEG files of a folder are decoded at a part of their size (<see cref="ImageDecoderOptions.ScaledDecoding"/>), which
    /// is faster. The pixels differ by less than half a grey level in the mean, so the data get another hash.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public bool ScaledDecoding { get; init; }

    /// <summary>The limits on the cost of one file.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>The end of a sentence about a file that cannot be read.</summary>
    internal const string SkipRemedy = "skip unreadable files (--skip-unreadable; 'data.skipUnreadable: true' in an experiment)";

    internal override void Validate()
    {
        base.Validate();
        if (Channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(Channels), Channels, "Images have 1 channel (grey) or 3 (colour).");
    }
}
