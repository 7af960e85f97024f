using NoisyNN.Transforms;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>The distribution of a code given its image, and the prior that goes with it.</summary>
public enum VaePosterior
{
    /// <summary>z = μ + σ·u with the prior N(0, I) (Kingma and Welling, arXiv 1312.6114).</summary>
    Gaussian,

    /// <summary>
    /// z = f·exp(α·u), f > 0, with a log-normal prior whose two parameters are learned: the autoencoder that Information Dropout becomes
    /// when an image is its own label and information costs 1 (Achille and Soatto, arXiv 1611.01353, section 5).
    /// </summary>
    InformationDropout,
}

/// <summary>The sizes of an <see cref="InformationVae"/>. The defaults are for 28 x 28 grey images.</summary>
public sealed record InformationVaeConfiguration
{
    /// <summary>Height and width of the images, pixels.</summary>
    public int ImageSize { get; init; } = 28;

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The length of a code.</summary>
    public int LatentDimension { get; init; } = 32;

    /// <summary>The width of the hidden layers, two in the encoder and two in the decoder.</summary>
    public int HiddenDimension { get; init; } = 400;

    /// <summary>The posterior of a code, and its prior.</summary>
    public VaePosterior Posterior
    {
        get;
        init => field = DefinedValue.Require(value);
    } = VaePosterior.InformationDropout;

    /// <summary>
    /// The largest α of <see cref="VaePosterior.InformationDropout"/>. A component that carries nothing has α = σ₁, the prior's deviation.
    /// </summary>
    public double MaxAlpha { get; init; } = 1;

    /// <summary>The number of values of one image, C·H·W.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int InputLength => Channels * ImageSize * ImageSize;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it, its value and the remedy.</exception>
    public void Validate()
    {
        foreach (
            var (value, name) in new[]
            {
                (ImageSize, nameof(ImageSize)),
                (Channels, nameof(Channels)),
                (LatentDimension, nameof(LatentDimension)),
                (HiddenDimension, nameof(HiddenDimension)),
            }
        )
            if (value < 1)
                throw new ArgumentException($"{name} is {value}; it must be at least 1.");
        if (!(double.IsFinite(MaxAlpha) && MaxAlpha > 0))
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(MaxAlpha)} is {MaxAlpha}; it must be a finite number above 0.")
            );
    }
}
