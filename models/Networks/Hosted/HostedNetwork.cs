using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Hosted;

/// <summary>
/// A TorchSharp module of your own as a classifier of images. The module takes normalised pixels, (x/255 - mean) / standard deviation, and
/// returns logits. Hooks before and after its submodules add noise there.
/// </summary>
public sealed class HostedNetwork : ImageClassifier
{
    const string ModulePrefix = "module.";

    [ComponentName(Name = "module")]
    readonly Module<Tensor, Tensor> _module;

    readonly Submodule[] _blocks;

    // Predictions may come from several threads.
    readonly ThreadLocal<Watch?> _watch = new();

    internal HostedNetwork(HostedConfiguration configuration)
        : this(configuration, configuration.CreateModule()) { }

    HostedNetwork(HostedConfiguration configuration, Module<Tensor, Tensor> module)
        : base(module.GetType().Name, configuration)
    {
        Configuration = configuration;
        _module = module;
        RegisterComponents();
        _blocks = Submodule.Find(module, configuration.Blocks);
        for (var index = 0; index < _blocks.Length; index++)
            Attach(index);
        Try();
        WeightLayout = configuration.WeightLayout with { Prefix = ModulePrefix };
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new HostedConfiguration Configuration { get; }

    /// <summary>The module with its trained weights, which this network owns.</summary>
    public Module<Tensor, Tensor> Module => _module;

    /// <inheritdoc/>
    public override NetworkGraph? Graph => Configuration.Graph;

    /// <inheritdoc/>
    public override WeightLayout WeightLayout { get; }

    /// <inheritdoc/>
    public override int BlockCount => _blocks.Length;

    /// <summary>The logits, because the input of a head inside the module is unknown.</summary>
    public override string FeatureLayer => LogitsLayer;

    /// <summary>The names of the submodules that have a place for noise, and the logits.</summary>
    public override IReadOnlyList<string> Layers => [.. _blocks.Select(block => block.Name), LogitsLayer];

    /// <summary>The logits, [N, classes].</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _module.call(WithNoise(Normalize(pixels), NoiseSite.AfterEmbedding)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor features(Tensor rows) => call(rows);

    /// <inheritdoc/>
    protected override int? BlockOf(string layer) =>
        Array.FindIndex(_blocks, block => block.Name == layer) is >= 0 and var index ? index : null;

    /// <inheritdoc/>
    protected override Tensor AfterBlock(Tensor rows, int block)
    {
        using var scope = NewDisposeScope();
        var watch = new Watch(block);
        _watch.Value = watch;
        try
        {
            call(rows).Dispose();
        }
        finally
        {
            _watch.Value = null;
        }
        scope.Attach(watch.Output!);
        return watch.Output!.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site switch
        {
            NoiseSite.AfterEmbedding => InputShape,
            NoiseSite.BlockInput => _blocks[layer].InputShape,
            NoiseSite.BlockOutput => _blocks[layer].OutputShape,
            _ => null,
        };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _watch.Dispose();
        base.Dispose(disposing);
    }

    void Attach(int index)
    {
        _blocks[index]
            .Attach(
                before: input => WithNoise(input, NoiseSite.BlockInput, index),
                after: output =>
                {
                    var noisy = WithNoise(output, NoiseSite.BlockOutput, index);
                    if (_watch.Value is { Output: null } watch && watch.Block == index)
                        watch.Output = noisy.clone().DetachFromDisposeScope();
                    return noisy;
                }
            );
    }

    /// <summary>Passes one image through the module, so that an unsuitable module is refused before the first step.</summary>
    void Try()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        eval();
        var logits = call(zeros([1, .. InputShape.Select(size => (long)size)]));
        if (!logits.shape.SequenceEqual([1, ClassCount]))
            throw new ArgumentException(
                $"The module '{GetName()}' gives [{string.Join(", ", logits.shape)}] for one "
                    + $"image, but {ClassCount} classes need [1, {ClassCount}]. "
                    + "Make its last layer as wide as the number that your function is given."
            );
        if (_blocks.FirstOrDefault(block => block.OutputShape is null) is { } silent)
            throw new ArgumentException(
                $"The module '{GetName()}' did not call its submodule '{silent.Name}', so no noise can be put there. "
                    + $"Name submodules in {nameof(Configuration.Blocks)} that its forward pass calls with call(...)."
            );
        train();
    }

    /// <summary>Captures the output of a block during one forward pass.</summary>
    sealed class Watch(int block)
    {
        public int Block => block;

        public Tensor? Output { get; set; }
    }
}
