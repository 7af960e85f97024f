using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
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
public sealed record InformationVaeConfiguration : NetworkConfiguration
{
    /// <summary>Height and width of the images, pixels.</summary>
    public int ImageSize { get; init; } = 28;

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The length of a code.</summary>
    [Range(1, 65_536)]
    public int LatentDimension { get; init; } = 32;

    /// <summary>The width of the hidden layers, two in the encoder and two in the decoder.</summary>
    [Range(1, 65_536)]
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
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double MaxAlpha { get; init; } = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Architecture => "information-vae";

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<int> InputShape => [Channels, ImageSize, ImageSize];

    /// <summary>The number of values of one image, C·H·W.</summary>
    [JsonIgnore]
    public int InputLength => Channels * ImageSize * ImageSize;

    /// <inheritdoc/>
    [JsonIgnore]
    public override long ParameterCount =>
        EncoderParameterCount + DecoderParameterCount + (Posterior is VaePosterior.InformationDropout ? 2 : 0);

    /// <summary>The trained values from pixels to codes, without the prior's.</summary>
    [JsonIgnore]
    internal long EncoderParameterCount =>
        (InputLength + 1L) * HiddenDimension + (HiddenDimension + 1L) * HiddenDimension + 2 * (HiddenDimension + 1L) * LatentDimension;

    /// <summary>The trained values from codes to pixels.</summary>
    [JsonIgnore]
    internal long DecoderParameterCount =>
        (LatentDimension + 1L) * HiddenDimension + (HiddenDimension + 1L) * HiddenDimension + (HiddenDimension + 1L) * InputLength;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"{LatentDimension} latent units, {HiddenDimension} wide, {Posterior} posterior";

    /// <inheritdoc/>
    public override void Validate()
    {
        AtLeastOne(ImageSize, nameof(ImageSize));
        AtLeastOne(Channels, nameof(Channels));
        base.Validate();
    }

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        AtLeastOne(LatentDimension, nameof(LatentDimension));
        AtLeastOne(HiddenDimension, nameof(HiddenDimension));
        if (!(double.IsFinite(MaxAlpha) && MaxAlpha > 0))
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(MaxAlpha)} is {MaxAlpha}; it must be a finite number above 0.")
            );
    }
}
