using System.Globalization;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks;

/// <summary>
/// A network from raw pixels, float32 [N, C, H, W] in 0..255, to logits, float32 [N, classes]. It normalises inside, so that every host
/// (training, scoring, an exported graph) feeds it the same numbers. Noise can be put at any of its places.
/// </summary>
public abstract class ImageClassifier : Module<Tensor, Tensor>
{
    const string BlockPrefix = "block.";

    readonly LatentNoise _noise = new();

    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    protected ImageClassifier(string name, NetworkConfiguration configuration)
        : base(name)
    {
        configuration.Validate();
        if (configuration.ClassCount < 1)
            throw new ArgumentException(
                $"{nameof(configuration.ClassCount)} is {configuration.ClassCount}; a network needs at least one class.",
                nameof(configuration)
            );
        Configuration = configuration;
        // A field of a base class is not found by its name.
        register_module("latent_noise", _noise);
    }

    /// <summary>The sizes that the network was built from.</summary>
    public NetworkConfiguration Configuration { get; }

    /// <summary>1 for grey, 3 for RGB; for vectors the number of features.</summary>
    public int Channels => Configuration.Channels;

    /// <summary>The height of its images, pixels.</summary>
    public int Height => Configuration.ImageSize;

    /// <summary>The width of its images, pixels.</summary>
    public int Width => Configuration.ImageSize;

    /// <summary>The number of classes.</summary>
    public int ClassCount => Configuration.ClassCount;

    /// <summary>The shape of one row that the network takes.</summary>
    public IReadOnlyList<int> InputShape => Configuration.InputShape;

    /// <summary>The number of values of one image, C·H·W.</summary>
    public int InputLength => Channels * Height * Width;

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The number of blocks before and after which noise may be put.</summary>
    public virtual int BlockCount => 0;

    /// <summary>The noise inside the network; null where there is none.</summary>
    public LatentNoisePlacement? LatentNoise => _noise.Placement;

    /// <summary>Puts a noise into the network, trained or not; null takes it out.</summary>
    /// <exception cref="ArgumentException">The network has no such place, or the noise has no such axis there.</exception>
    /// <exception cref="InvalidOperationException">A mixing that is singular at the place's size.</exception>
    public void SetLatentNoise(LatentNoisePlacement? placement)
    {
        if (placement is not null)
            ThrowIfImpossible(placement);
        _noise.Placement = placement;
    }

    /// <summary>The training step, counted from 0, that a scheduled noise takes its strength from.</summary>
    public void SetTrainingStep(long step) => _noise.Step = step;

    /// <summary>The precision of the products from now on, in the layers that have a choice (<see cref="IMixedPrecision"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    public void SetPrecision(Precision precision)
    {
        DefinedValue.Require(precision, nameof(precision));
        foreach (var layer in modules().OfType<IMixedPrecision>())
            layer.Precision = precision;
    }

    /// <summary>Whether any layer has a choice of <see cref="LinearProduct"/>.</summary>
    internal bool HasLinearProducts => modules().OfType<ILinearProducts>().Any();

    /// <summary>
    /// The way of float32 products from now on, in the layers that have a choice; <see cref="LinearProduct.Matrix"/> at first.
    /// </summary>
    internal void SetLinearProduct(LinearProduct way)
    {
        foreach (var layer in modules().OfType<ILinearProducts>())
            layer.LinearProduct = way;
    }

    /// <summary>What the head reads, [N, D].</summary>
    public abstract Tensor features(Tensor pixels);

    /// <summary>The name of the layer that is the network's logits.</summary>
    public const string LogitsLayer = "logits";

    /// <summary>The name of the layer that <see cref="features"/> are.</summary>
    public virtual string FeatureLayer => "pooled";

    /// <summary>The names of the layers whose activations can be asked for: each block, what the head reads, the logits.</summary>
    public virtual IReadOnlyList<string> Layers =>
        [.. Enumerable.Range(0, BlockCount).Select(block => $"{BlockPrefix}{block}"), FeatureLayer, LogitsLayer];

    /// <summary>The activations of a layer, the batch first.</summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    /// <exception cref="ArgumentException">The network has no such layer; the message lists those that it has.</exception>
    public Tensor Activations(Tensor pixels, string layer)
    {
        if (!Layers.Contains(layer))
            throw new ArgumentException($"A {GetName()} has no layer '{layer}'; it has {string.Join(", ", Layers)}.", nameof(layer));
        return layer == LogitsLayer ? call(pixels)
            : layer == FeatureLayer ? features(pixels)
            : layer.StartsWith(BlockPrefix, StringComparison.Ordinal)
                ? AfterBlock(pixels, int.Parse(layer.AsSpan(BlockPrefix.Length), CultureInfo.InvariantCulture))
            : OtherActivations(pixels, layer);
    }

    /// <summary>What leaves a block, 0 to <see cref="BlockCount"/> - 1.</summary>
    private protected virtual Tensor AfterBlock(Tensor pixels, int block) =>
        throw new NotSupportedException($"A {GetName()} has no blocks.");

    /// <summary>The activations of a layer that only this architecture has.</summary>
    private protected virtual Tensor OtherActivations(Tensor pixels, string layer) =>
        throw new NotSupportedException($"A {GetName()} has no layer '{layer}'.");

    /// <summary>
    /// A training pass: the logits, and what single layers add to the loss besides the cross entropy. Most networks add nothing.
    /// </summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="trainingRows">The size of the training set, by which an information term is divided to be comparable with a loss per
    /// row.</param>
    public virtual (Tensor Logits, IReadOnlyList<PenaltyTerm> Penalties) ForwardWithPenalties(Tensor pixels, long trainingRows) =>
        (call(pixels), []);

    /// <summary>
    /// Whether normalisations must be estimated anew before the network is evaluated, because the statistics that they gathered in training
    /// are those of noisy activations.
    /// </summary>
    public virtual bool NeedsDryRun => false;

    /// <summary>Gathers the statistics of normalisations from batches of training pixels, with all noise off. No weight changes.</summary>
    public virtual void DryRun(IEnumerable<Tensor> batches) { }

    /// <summary>
    /// The shape of one image's activations at a site: [tokens, D], [C, H, W] or [D]; null where the network has no such site.
    /// </summary>
    /// <param name="site">A kind of place.</param>
    /// <param name="layer">The block, 0 to <see cref="BlockCount"/> - 1; without meaning at sites that have no blocks.</param>
    internal virtual IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) => null;

    /// <summary>(x/255 - mean) / standard deviation.</summary>
    private protected Tensor Normalize(Tensor pixels)
    {
        var (scale, offset) = Configuration.Normalization();
        return pixels * PerChannel(scale) + PerChannel(offset);

        Tensor PerChannel(float[] values) => tensor(values, device: pixels.device).reshape(1, Channels, 1, 1);
    }

    /// <summary>The activations at a site, with the noise if it acts there; in a site without blocks the layer is left out.</summary>
    private protected Tensor WithNoise(Tensor input, NoiseSite site, int layer = -1) =>
        NoiseAt(site, layer) is { } noise ? noise.call(input) : input;

    /// <summary>The noise, if it acts at this place in the present mode.</summary>
    private protected LatentNoise? NoiseAt(NoiseSite site, int layer = -1) => _noise.ActsAt(site, layer, BlockCount) ? _noise : null;

    private protected virtual void ThrowIfImpossible(LatentNoisePlacement placement)
    {
        var layer = placement.Layer < 0 ? BlockCount + placement.Layer : placement.Layer;
        if (placement.HasLayer && (layer < 0 || layer >= BlockCount))
            throw new ArgumentException(
                $"The network has {BlockCount} blocks, so {nameof(placement.Layer)} is 0 to {BlockCount - 1}, or -1 for the last; it is {placement.Layer}.",
                nameof(placement)
            );
        var shape =
            ShapeAt(placement.Site, layer)
            ?? throw new ArgumentException($"A {GetName()} has no site '{placement.Site}'; choose another.", nameof(placement));
        if (placement.Noise is not LinearTransformNoise { Axis: not MixAxis.Batch } mixing) // across the batch the size is known only when a batch comes
            return;

        var size =
            TensorMixing.Size(mixing.Axis, shape, placement.IncludeClassToken)
            ?? throw new ArgumentException(
                $"At the site '{placement.Site}' an image has the shape [{string.Join(", ", shape)}] and no axis '{mixing.Axis}'; mix along another axis, or choose another site.",
                nameof(placement)
            );
        mixing.ThrowIfSingular(size);
    }
}
