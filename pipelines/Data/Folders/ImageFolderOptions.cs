using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>How a folder of images is read.</summary>
public sealed record ImageFolderOptions : DataOptions
{
    /// <summary>
    /// Height and width that images are resized to, where <see cref="Height"/> and <see cref="Width"/> do not say otherwise.
    /// </summary>
    public int ImageSize { get; init; } = 32;

    /// <summary>Rows of a resized image; null for <see cref="ImageSize"/>.</summary>
    public int? Height { get; init; }

    /// <summary>Pixels of a row of a resized image; null for <see cref="ImageSize"/>.</summary>
    public int? Width { get; init; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>The share of the rows that is cut off for testing, if the folder has no <c>train</c> and <c>test</c>.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>
    /// Leaves out files that cannot be read, and counts them; otherwise they are an error. Makes loading decode every file once.
    /// </summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>
    /// Accepts a file whose content is in two of the given splits, with a warning; otherwise it is an error, because the test would reward
    /// memory.
    /// </summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>
    /// The most bytes of resized images to keep in memory. If all fit, each file is decoded once, on loading; otherwise whenever its row is
    /// read.
    /// </summary>
    public long CacheLength { get; init; } = 1L << 30;

    /// <summary>
    /// Decodes large JPEG files at a part of their size (<see cref="ImageDecoderOptions.ScaledDecoding"/>): faster, and the pixels differ a
    /// little, which gives the data another hash.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <summary>What one file may cost.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>The rest of the sentence about a file that cannot be read.</summary>
    internal const string SkipRemedy = "skip unreadable files (--skip-unreadable; 'data.skipUnreadable: true' in an experiment)";

    internal override void Validate()
    {
        base.Validate();
        if (Channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(Channels), Channels, "Images have 1 channel (grey) or 3 (colour).");
        foreach (
            var (name, size) in new[]
            {
                (nameof(ImageSize), ImageSize),
                (nameof(Height), Height ?? ImageSize),
                (nameof(Width), Width ?? ImageSize),
            }
        )
            if (size is < 1 or > 4096)
                throw new ArgumentOutOfRangeException(name, size, $"{name} must be 1 to 4096 pixels.");
        if (!(TestFraction > 0 && TestFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(TestFraction), TestFraction, "The test fraction must be above 0 and below 1.");
    }
}
