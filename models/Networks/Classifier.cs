using System.Globalization;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks;

/// <summary>
/// A network from rows, float32, to logits, float32 [N, classes]. Noise can be put at any of its places. The derived class decides whether
/// rows are images or vectors.
/// </summary>
public abstract class Classifier : Module<Tensor, Tensor>
{
    const string BlockPrefix = "block.";

    readonly LatentNoise _noise = new();

    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    protected Classifier(string name, ClassifierConfiguration configuration)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
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
    public ClassifierConfiguration Configuration { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount => Configuration.ClassCount;

    /// <summary>The shape of one row that the network takes.</summary>
    public IReadOnlyList<int> InputShape => Configuration.InputShape;

    /// <summary>The number of values of one row.</summary>
    public int InputLength => InputShape.Aggregate((product, size) => product * size);

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The number of blocks that noise can be put before and after.</summary>
    public virtual int BlockCount => 0;

    /// <summary>The noise inside the network; null for none.</summary>
    public LatentNoisePlacement? LatentNoise => _noise.Placement;

    /// <summary>Puts a noise into the network, trained or not; null takes it out.</summary>
    /// <exception cref="ArgumentException">The network has no such place, or the noise has no such axis there.</exception>
    /// <exception cref="InvalidOperationException">A mixing is singular at the size of the place.</exception>
    public void SetLatentNoise(LatentNoisePlacement? placement)
    {
        if (placement is not null)
            ThrowIfImpossible(placement);
        _noise.Placement = placement;
    }

    /// <summary>The training step, counted from 0, that decides the strength of a scheduled noise.</summary>
    public void SetTrainingStep(long step) => _noise.Step = step;

    /// <summary>Sets the precision of the products in all layers that have a choice (<see cref="IMixedPrecision"/>).</summary>
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
    /// The way to compute float32 products in all layers that have a choice. The initial value is <see cref="LinearProduct.Matrix"/>.
    /// </summary>
    internal void SetLinearProduct(LinearProduct way)
    {
        foreach (var layer in modules().OfType<ILinearProducts>())
            layer.LinearProduct = way;
    }

    /// <summary>The network's ONNX graph for predictions; null if there is none, so that it cannot be exported.</summary>
    public virtual NetworkGraph? Graph => null;

    /// <summary>The names of the network's arrays in files, and the arrays that can be changed to fit.</summary>
    public virtual WeightLayout WeightLayout { get; } = new();

    /// <summary>
    /// Called by the backward pass when it has left a block: the gradients of this block, and of all that comes after it, are complete.
    /// Null for nobody. Networks that do not call <see cref="EnterBlock"/> say nothing.
    /// </summary>
    internal Action<int>? BlockLeft { get; set; }

    /// <summary>Whether a trainer passes the moments of its training rows to <see cref="Standardize"/>.</summary>
    public virtual bool StandardizesInput => false;

    /// <summary>Sets the mean and the standard deviation of each value of a row, over the training rows.</summary>
    /// <param name="means">One per value.</param>
    /// <param name="deviations">One per value.</param>
    /// <exception cref="NotSupportedException">The network does not standardise its input.</exception>
    public virtual void Standardize(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) =>
        throw new NotSupportedException($"A {GetName()} does not standardise its input.");

    /// <summary>The input of the head, [N, D].</summary>
    /// <param name="rows">Rows of the shape <see cref="InputShape"/>, the batch first.</param>
    public abstract Tensor features(Tensor rows);

    /// <summary>The name of the layer for the logits.</summary>
    public const string LogitsLayer = "logits";

    /// <summary>The name of the layer for <see cref="features"/>.</summary>
    public virtual string FeatureLayer => "pooled";

    /// <summary>The names of the layers whose activations you can get: each block, the input of the head, the logits.</summary>
    public virtual IReadOnlyList<string> Layers =>
        [.. Enumerable.Range(0, BlockCount).Select(block => $"{BlockPrefix}{block}"), FeatureLayer, LogitsLayer];

    /// <summary>The activations of a layer, the batch first.</summary>
    /// <param name="rows">Rows of the shape <see cref="InputShape"/>, the batch first.</param>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    /// <exception cref="ArgumentException">The network has no such layer; the message lists those that it has.</exception>
    public Tensor Activations(Tensor rows, string layer)
    {
        if (!Layers.Contains(layer))
            throw new ArgumentException($"A {GetName()} has no layer '{layer}'; it has {string.Join(", ", Layers)}.", nameof(layer));
        return layer == LogitsLayer ? call(rows)
            : layer == FeatureLayer ? features(rows)
            : BlockOf(layer) is { } block ? AfterBlock(rows, block)
            : OtherActivations(rows, layer);
    }

    /// <summary>The block whose output is a layer; null for other layers.</summary>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    protected virtual int? BlockOf(string layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.StartsWith(BlockPrefix, StringComparison.Ordinal)
            ? int.Parse(layer.AsSpan(BlockPrefix.Length), CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>The output of a block, 0 to <see cref="BlockCount"/> - 1.</summary>
    /// <param name="rows">Rows of the shape <see cref="InputShape"/>, the batch first.</param>
    /// <param name="block">The block's index.</param>
    protected virtual Tensor AfterBlock(Tensor rows, int block) => throw new NotSupportedException($"A {GetName()} has no blocks.");

    /// <summary>The activations of a layer that only this architecture has.</summary>
    /// <param name="rows">Rows of the shape <see cref="InputShape"/>, the batch first.</param>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    protected virtual Tensor OtherActivations(Tensor rows, string layer) =>
        throw new NotSupportedException($"A {GetName()} has no layer '{layer}'.");

    /// <summary>
    /// A training pass: the logits, and the terms that single layers add to the cross entropy in the loss. Most networks add none.
    /// </summary>
    /// <param name="rows">Rows of the shape <see cref="InputShape"/>, the batch first.</param>
    /// <param name="trainingRows">The size of the training set. An information term is divided by it, so that it is a loss per row.</param>
    public virtual (Tensor Logits, IReadOnlyList<PenaltyTerm> Penalties) ForwardWithPenalties(Tensor rows, long trainingRows) =>
        (call(rows), []);

    /// <summary>
    /// Whether normalisations must be estimated again before an evaluation, because training gathers the statistics of noisy activations.
    /// </summary>
    public virtual bool NeedsDryRun => false;

    /// <summary>Gathers the statistics of normalisations from batches of training rows, with all noise off. No weight changes.</summary>
    public virtual void DryRun(IEnumerable<Tensor> batches) { }

    /// <summary>
    /// The shape of one row's activations at a site: [tokens, D], [C, H, W] or [D]; null if the network has no such site.
    /// </summary>
    /// <param name="site">A kind of place.</param>
    /// <param name="layer">The block, 0 to <see cref="BlockCount"/> - 1; it has no meaning at sites without blocks.</param>
    protected internal virtual IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) => null;

    /// <summary>The activations at a site, with the noise if it acts there. Leave out the layer at a site without blocks.</summary>
    protected Tensor WithNoise(Tensor input, NoiseSite site, int layer = -1) =>
        NoiseAt(site, layer) is { } noise ? noise.call(input) : input;

    /// <summary>
    /// The input of a block, as it is. A network may pass it through here if its blocks are numbered as the names of its parameters are,
    /// in the order of the forward pass. A training over several processes then sums gradients while the backward pass goes on.
    /// </summary>
    /// <param name="input">The input of the block.</param>
    /// <param name="block">0 to <see cref="BlockCount"/> - 1.</param>
    private protected Tensor EnterBlock(Tensor input, int block) =>
        BlockLeft is { } left && input.requires_grad ? BackwardMark.Apply(input, () => left(block)) : input;

    /// <summary>The noise, if it acts at this place in the present mode.</summary>
    protected LatentNoise? NoiseAt(NoiseSite site, int layer = -1) => _noise.ActsAt(site, layer, BlockCount) ? _noise : null;

    /// <summary>Computes in evaluation and without the noise of <see cref="SetLatentNoise"/>, and leaves the network as it was.</summary>
    private protected T InEvaluation<T>(Func<T> compute)
    {
        var (trained, placement) = (training, LatentNoise);
        try
        {
            eval();
            _noise.Placement = null;
            return compute();
        }
        finally
        {
            train(trained);
            _noise.Placement = placement;
        }
    }

    /// <summary>Whether its weights are gone.</summary>
    internal bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    /// <summary>Checks that the network has the place and that the noise can act there.</summary>
    /// <exception cref="ArgumentException">It does not, or cannot; the message says what to choose.</exception>
    protected virtual void ThrowIfImpossible(LatentNoisePlacement placement)
    {
        var layer = placement.Layer < 0 ? BlockCount + placement.Layer : placement.Layer;
        if (placement.HasLayer && (layer < 0 || layer >= BlockCount))
            throw new ArgumentException(
                $"The network has {BlockCount} blocks, so {nameof(placement.Layer)} must be 0 to "
                    + $"{BlockCount - 1}, or -1 for the last; it is {placement.Layer}.",
                nameof(placement)
            );
        var shape =
            ShapeAt(placement.Site, layer)
            ?? throw new ArgumentException($"A {GetName()} has no site '{placement.Site}'; choose another.", nameof(placement));
        // Across the batch, the size is known only when a batch comes.
        if (placement.Noise is not LinearTransformNoise { Axis: not MixAxis.Batch } mixing)
            return;

        var size =
            TensorMixing.Size(mixing.Axis, shape, placement.IncludeClassToken)
            ?? throw new ArgumentException(
                $"At the site '{placement.Site}' an image has the shape [{string.Join(", ", shape)}] and no axis "
                    + $"'{mixing.Axis}'; mix along another axis, or choose another site.",
                nameof(placement)
            );
        mixing.ThrowIfSingular(size);
    }
}
