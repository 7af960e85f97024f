using NoisyNN.Transforms;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Layers;

/// <summary>When a layer's noise acts.</summary>
public enum NoiseSwitch
{
    /// <summary>While the module trains.</summary>
    WhileTraining,

    /// <summary>Always, to examine noisy activations of a trained network.</summary>
    On,

    /// <summary>Never: to gather the statistics of noiseless activations.</summary>
    Off,
}

/// <summary>
/// A layer's activation followed by learned multiplicative noise (Achille and Soatto, Information Dropout, arXiv 1611.01353): z = f(h)·ε.
/// The first input, x, is the input of the preceding layer, from which α is computed. The second, h, is the output of that layer. Gaussian,
/// variational and binary dropout are special cases, chosen by <see cref="InformationDropoutConfiguration.Kind"/>. Without noise ε = 1.
/// </summary>
public sealed class InformationDropout : Module<Tensor, Tensor, Tensor>
{
    readonly InformationDropoutConfiguration _configuration;

    [ComponentName(Name = "alpha")]
    readonly Module<Tensor, Tensor>? _alphaOfInput;

    [ComponentName(Name = "alpha_logit")]
    readonly Parameter? _alphaOfChannel;

    [ComponentName(Name = "prior_mean")]
    readonly Parameter? _priorMean;

    [ComponentName(Name = "prior_log_deviation")]
    readonly Parameter? _priorLogDeviation;

    /// <param name="configuration">The noise and its prior.</param>
    /// <param name="channels">The size of the activations' axis 1.</param>
    /// <param name="createAlpha">Creates the layer from x to the logits of α, which have the shape of h. It is called only for
    /// <see cref="DropoutKind.Information"/>.</param>
    public InformationDropout(InformationDropoutConfiguration configuration, int channels, Func<Module<Tensor, Tensor>> createAlpha)
        : base(nameof(InformationDropout))
    {
        configuration.Validate();
        _configuration = configuration;
        switch (configuration.Kind)
        {
            case DropoutKind.Information:
                _alphaOfInput = createAlpha();
                break;
            case DropoutKind.Variational:
                _alphaOfChannel = new Parameter(zeros(channels));
                break;
            default:
                break; // nothing is learned
        }
        if (configuration.Prior == InformationPrior.LogNormal && CountsInformation)
        {
            _priorMean = new Parameter(zeros(1));
            _priorLogDeviation = new Parameter(zeros(1));
        }
        RegisterComponents();
    }

    /// <summary>When the noise acts.</summary>
    public NoiseSwitch Noise
    {
        get;
        set => field = DefinedValue.Require(value);
    }

    /// <summary>Whether the layer counts information, which it does if its α is learned.</summary>
    public bool CountsInformation => _configuration.Kind is DropoutKind.Information or DropoutKind.Variational;

    bool HasAlpha => _configuration.Kind is DropoutKind.Information or DropoutKind.Variational or DropoutKind.Gaussian;

    bool NoiseActs => Noise == NoiseSwitch.On || (Noise == NoiseSwitch.WhileTraining && training);

    /// <summary>f, without noise: ReLU for the log-uniform prior, softplus for the log-normal one.</summary>
    public static Tensor Activate(Tensor activations, InformationPrior prior) =>
        prior == InformationPrior.LogUniform ? activations.relu() : functional.softplus(activations);

    /// <summary>z, of the shape of <paramref name="activations"/>, [N, C, ...].</summary>
    public override Tensor forward(Tensor input, Tensor activations)
    {
        using var scope = NewDisposeScope();
        var features = Activate(activations, _configuration.Prior);
        return WithNoise(input, features, alpha: null).MoveToOuterDisposeScope();
    }

    /// <summary>z and, of the same shape, the KL of each unit in nats, up to a constant; null if the layer counts none.</summary>
    public (Tensor Output, Tensor? Information) Transmit(Tensor input, Tensor activations)
    {
        using var scope = NewDisposeScope();
        var features = Activate(activations, _configuration.Prior);
        var alpha = HasAlpha ? Alpha(input, features) : null;
        var information = CountsInformation ? Divergence(features, alpha!).expand(features.shape).MoveToOuterDisposeScope() : null;
        return (WithNoise(input, features, alpha).MoveToOuterDisposeScope(), information);
    }

    Tensor WithNoise(Tensor input, Tensor features, Tensor? alpha)
    {
        if (!NoiseActs || _configuration.Kind == DropoutKind.None)
            return features;
        return _configuration.Kind == DropoutKind.Binary
            ? functional.dropout(features, 1 - _configuration.KeepProbability, training: true)
            : InformationDropoutNoise.Sample(features, alpha ?? Alpha(input, features));
    }

    Tensor Divergence(Tensor features, Tensor alpha) =>
        _configuration.Prior == InformationPrior.LogUniform
            ? InformationDropoutNoise.LogUniformDivergence(alpha, _configuration.MaxAlpha)
            : InformationDropoutNoise.LogNormalDivergence(features, alpha, _priorMean!, _priorLogDeviation!);

    Tensor Alpha(Tensor input, Tensor features)
    {
        if (_configuration.Kind == DropoutKind.Gaussian)
            return full([1], _configuration.MaxAlpha, dtype: features.dtype, device: features.device);
        var logits = _alphaOfInput is not null
            ? _alphaOfInput.call(input)
            : _alphaOfChannel!.reshape([1, -1, .. features.shape.Skip(2).Select(_ => 1L)]);
        return InformationDropoutNoise.Alpha(logits, _configuration.MaxAlpha);
    }
}
