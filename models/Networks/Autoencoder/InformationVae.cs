using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>
/// A variational autoencoder of small images with one of two posteriors, so that their bounds can be compared: perceptrons from raw pixels,
/// float32 [N, C, H, W] in 0..255, to a code and back to Bernoulli means. A pixel x/255 counts as the share of ones among draws, so a bound
/// is that of a binary image where all pixels are 0 or 255. All figures are in nats per image.
/// </summary>
public sealed class InformationVae : Module<Tensor, Tensor>
{
    [ComponentName(Name = "encoder1")]
    readonly Linear _encoder1;

    [ComponentName(Name = "encoder2")]
    readonly Linear _encoder2;

    [ComponentName(Name = "location")]
    readonly Linear _location;

    [ComponentName(Name = "scale")]
    readonly Linear _scale;

    [ComponentName(Name = "prior_mean")]
    readonly Parameter? _priorMean;

    [ComponentName(Name = "prior_log_deviation")]
    readonly Parameter? _priorLogDeviation;

    [ComponentName(Name = "decoder1")]
    readonly Linear _decoder1;

    [ComponentName(Name = "decoder2")]
    readonly Linear _decoder2;

    [ComponentName(Name = "pixels")]
    readonly Linear _pixels;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public InformationVae(InformationVaeConfiguration configuration)
        : base(nameof(InformationVae))
    {
        configuration.Validate();
        Configuration = configuration;
        var (hidden, latent) = (configuration.HiddenDimension, configuration.LatentDimension);
        _encoder1 = Linear(configuration.InputLength, hidden);
        _encoder2 = Linear(hidden, hidden);
        _location = Linear(hidden, latent);
        _scale = Linear(hidden, latent);
        if (IsMultiplicative)
        {
            _priorMean = new Parameter(zeros(1));
            _priorLogDeviation = new Parameter(zeros(1));
        }
        _decoder1 = Linear(latent, hidden);
        _decoder2 = Linear(hidden, hidden);
        _pixels = Linear(hidden, configuration.InputLength);
        RegisterComponents();
    }

    /// <summary>The sizes that the network was built from.</summary>
    public InformationVaeConfiguration Configuration { get; }

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    bool IsMultiplicative => Configuration.Posterior == VaePosterior.InformationDropout;

    /// <summary>The code without noise, [N, D]: μ, or f.</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Encode(pixels).Location.MoveToOuterDisposeScope();
    }

    /// <summary>The Bernoulli means of a code's pixels, [N, C, H, W] in 0..1.</summary>
    /// <param name="codes">[N, D]</param>
    public Tensor Decode(Tensor codes)
    {
        using var scope = NewDisposeScope();
        return Logits(codes)
            .sigmoid()
            .reshape(codes.shape[0], Configuration.Channels, Configuration.ImageSize, Configuration.ImageSize)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The evidence lower bound of each image with one draw of its code: E ln p(x|z) - KL(p(z|x) ‖ p(z)). It is the two parts' difference;
    /// the divergence is exact, the expectation is the draw's.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="noise">[N, D], standard normal.</param>
    /// <returns>ln p(x|z) and the divergence, both [N].</returns>
    public (Tensor LogLikelihood, Tensor Divergence) Bound(Tensor pixels, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (location, scale) = Encode(pixels);
        return (
            LogLikelihood(pixels, Code(location, scale, noise)).MoveToOuterDisposeScope(),
            Divergence(location, scale).MoveToOuterDisposeScope()
        );
    }

    /// <summary>
    /// The importance-weighted bound of each image, [N], never below the evidence lower bound in expectation and tighter with every draw
    /// (Burda et al., arXiv 1509.00519): ln of the mean of p(x, z) / p(z|x) over draws.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="noise">[draws, N, D], standard normal.</param>
    public Tensor ImportanceWeightedBound(Tensor pixels, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (location, scale) = Encode(pixels);
        var draws = (int)noise.shape[0];
        var weights = Enumerable
            .Range(0, draws)
            .Select(draw =>
            {
                var u = noise.select(0, draw);
                return LogLikelihood(pixels, Code(location, scale, u)) + LogDensityRatio(location, scale, u);
            })
            .ToArray();
        return (stack(weights).logsumexp(0) - Math.Log(draws)).MoveToOuterDisposeScope();
    }

    /// <summary>The posterior's location and scale, both [N, D]: μ and σ, or f and α.</summary>
    public (Tensor Location, Tensor Scale) Posterior(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var (location, deviation) = Encode(pixels);
        return (location.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    (Tensor Location, Tensor Scale) Encode(Tensor pixels)
    {
        var hidden = functional.relu(_encoder1.call(Shares(pixels)));
        hidden = functional.relu(_encoder2.call(hidden));
        var (location, scale) = (_location.call(hidden), _scale.call(hidden));
        return IsMultiplicative
            ? (
                functional.softplus(location).clamp_min(InformationDropoutNoise.SmallestActivation),
                InformationDropoutNoise.Alpha(scale, Configuration.MaxAlpha)
            )
            : (location, (scale * 0.5).exp());
    }

    Tensor Code(Tensor location, Tensor scale, Tensor noise) =>
        IsMultiplicative ? location * (scale * noise).exp() : location + scale * noise;

    Tensor Divergence(Tensor location, Tensor scale)
    {
        var units = IsMultiplicative
            ? InformationDropoutNoise.LogNormalDivergence(location, scale, _priorMean!, _priorLogDeviation!)
            : (location * location + scale * scale - 1) * 0.5 - scale.log();
        return units.sum(1);
    }

    /// <summary>
    /// ln p(z) - ln p(z|x) of a draw, [N]. Multiplicative codes are compared by their logarithms, whose densities have the same ratio.
    /// </summary>
    Tensor LogDensityRatio(Tensor location, Tensor scale, Tensor noise)
    {
        var posterior = -(noise * noise) * 0.5 - scale.log();
        if (!IsMultiplicative)
        {
            var code = location + scale * noise;
            return (-(code * code) * 0.5 - posterior).sum(1);
        }
        var distance = location.log() + scale * noise - _priorMean!;
        var prior = -(distance * distance) * (_priorLogDeviation! * -2).exp() * 0.5 - _priorLogDeviation!;
        return (prior - posterior).sum(1);
    }

    Tensor LogLikelihood(Tensor pixels, Tensor codes) =>
        -functional.binary_cross_entropy_with_logits(Logits(codes), Shares(pixels), reduction: Reduction.None).sum(1);

    Tensor Logits(Tensor codes) => _pixels.call(functional.relu(_decoder2.call(functional.relu(_decoder1.call(codes)))));

    Tensor Shares(Tensor pixels) => pixels.reshape(-1, Configuration.InputLength) * (1 / 255.0);
}
