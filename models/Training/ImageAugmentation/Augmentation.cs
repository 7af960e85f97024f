using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms;

namespace NoisyNN.Models.Training.ImageAugmentation;

/// <summary>
/// Random changes to training images that leave their labels as they are, drawn anew in every epoch: crop, flip and RandAugment within an
/// image, mixup between images. Immutable; checked on construction and by <c>with</c>.
/// </summary>
/// <param name="CropPadding">Pixels of black border on every side, out of which an image of the old size is cut at random.</param>
/// <param name="HorizontalFlip">Whether every second image, at random, is mirrored left to right.</param>
/// <param name="Operations">RandAugment's N (Cubuk et al., arXiv 1909.13719): how many of its operations each image gets, drawn with
/// replacement; 0 for none.</param>
/// <param name="Magnitude">RandAugment's M, from 0 (no change) to 10 (rotations of 30 degrees, shears of 0.3, 4 grey bits).</param>
/// <param name="MixupAlpha">Mixup's α (Zhang et al., arXiv 1710.09412): each step's rows are mixed in pairs, pixels and targets, by shares
/// from Beta(α, α); 0 for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed record Augmentation(
    [Range(0, 1024)] int CropPadding = 0,
    bool HorizontalFlip = false,
    [Range(0, 10)] int Operations = 0,
    [Range(0.0, 10.0)] double Magnitude = 5,
    [Range(0.0, 4.0)] double MixupAlpha = 0
)
{
    /// <summary>Pixels of black border on every side, out of which an image of the old size is cut at random.</summary>
    public int CropPadding
    {
        get;
        init => field = Within(value, "Give a number of pixels; 4 is usual for 32 x 32 images.", nameof(CropPadding));
    } = Within(CropPadding, "Give a number of pixels; 4 is usual for 32 x 32 images.", nameof(CropPadding));

    /// <summary>How many RandAugment operations each image gets.</summary>
    public int Operations
    {
        get;
        init => field = Within(value, "Give 0 for none; 1 or 2 are usual.", nameof(Operations));
    } = Within(Operations, "Give 0 for none; 1 or 2 are usual.", nameof(Operations));

    /// <summary>How strong RandAugment's operations are.</summary>
    public double Magnitude
    {
        get;
        init => field = Within(value, "Give a magnitude from 0 to 10.", nameof(Magnitude));
    } = Within(Magnitude, "Give a magnitude from 0 to 10.", nameof(Magnitude));

    /// <summary>α of the Beta distribution of mixup's shares.</summary>
    public double MixupAlpha
    {
        get;
        init => field = Within(value, "Give 0 for none; 0.1 to 0.4 are usual.", nameof(MixupAlpha));
    } = Within(MixupAlpha, "Give 0 for none; 0.1 to 0.4 are usual.", nameof(MixupAlpha));

    static T Within<T>(T value, string remedy, string name)
        where T : struct => DeclaredRange.Require(typeof(Augmentation), value, name, remedy);
}
