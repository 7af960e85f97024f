using NoisyNN.Models.Explanation;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>
/// A residual network (He et al., arXiv 1512.03385) with places for noise before and after its blocks (Yu et al., NoisyNN, arXiv
/// 2309.10625). It has a stem and four stages of residual blocks, of which the last three halve the image. The mean over the image goes to
/// a linear head. Weights have torchvision's names.
/// </summary>
public sealed class NoisyResNet : ImageClassifier, IAnswerMaps
{
    [ComponentName(Name = "conv1")]
    readonly MixedPrecisionConvolution _convolution;

    [ComponentName(Name = "bn1")]
    readonly BatchNorm2d _norm;

    [ComponentName(Name = "layer1")]
    readonly ModuleList<ResidualBlock> _stage1;

    [ComponentName(Name = "layer2")]
    readonly ModuleList<ResidualBlock> _stage2;

    [ComponentName(Name = "layer3")]
    readonly ModuleList<ResidualBlock> _stage3;

    [ComponentName(Name = "layer4")]
    readonly ModuleList<ResidualBlock> _stage4;

    [ComponentName(Name = "fc")]
    readonly Linear _head;

    readonly ResidualBlock[] _blocks;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public NoisyResNet(NoisyResNetConfiguration configuration)
        : base(nameof(NoisyResNet), configuration)
    {
        Configuration = configuration;
        var (kernel, stride) = configuration.Stem is ResNetStem.Small ? (3, 1) : (7, 2);
        _convolution = new MixedPrecisionConvolution(configuration.Channels, configuration.Width, kernel, stride);
        _norm = BatchNorm2d(configuration.Width);
        (_stage1, _stage2, _stage3, _stage4) = (Stage(0), Stage(1), Stage(2), Stage(3));
        _head = Linear(configuration.FeatureCount, configuration.ClassCount);
        _blocks = [.. _stage1, .. _stage2, .. _stage3, .. _stage4];
        RegisterComponents();
        Initialization.Convolution(_convolution.Weight);
        Initialization.Projection(_head);
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new NoisyResNetConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override NetworkGraph Graph =>
        new((weights, anySize) => NoisyResNetGraph.Build(Configuration, weights, anySize)) { TakesAnyImageSize = true };

    /// <inheritdoc/>
    public override WeightLayout WeightLayout { get; } =
        new()
        {
            Names = "torchvision",
            Head = "fc.",
            FirstConvolution = "conv1.weight",
        };

    /// <inheritdoc/>
    public override int BlockCount => _blocks.Length;

    /// <summary>The logits, [N, classes].</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the last maps, [N, D]. Images may have any size.</summary>
    public override Tensor features(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return AfterBlock(rows, BlockCount - 1).mean([2, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>The output of a block, maps [N, C, H, W].</summary>
    protected override Tensor AfterBlock(Tensor rows, int block)
    {
        using var scope = NewDisposeScope();
        var maps = Embed(rows);
        for (var layer = 0; layer <= block; layer++)
            maps = Advance(maps, layer);
        return maps.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string AnswerMapMethod => ClassActivation.Method;

    /// <summary>A value for each place of the last maps, [N, h, w].</summary>
    /// <inheritdoc/>
    public Tensor AnswerMaps(Tensor pixels, Tensor classes)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return InEvaluation(() => ClassActivation.Of(AfterBlock(pixels, BlockCount - 1), _head, classes).MoveToOuterDisposeScope());
    }

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site switch
        {
            NoiseSite.AfterEmbedding => MapsAfter(-1),
            NoiseSite.BlockInput => MapsAfter(layer - 1),
            NoiseSite.BlockOutput => MapsAfter(layer),
            NoiseSite.BeforeHead => [Configuration.FeatureCount],
            _ => null,
        };

    Tensor Embed(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var maps = functional.relu(_norm.call(_convolution.call(ChannelsLast.Of(Normalize(pixels), Configuration.Width))), inplace: true);
        if (Configuration.Stem is ResNetStem.ImageNet)
            maps = functional.max_pool2d(maps, 3, stride: 2, padding: 1);
        return WithNoise(maps, NoiseSite.AfterEmbedding).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One block with the noise before and after it. Its input is freed at once, because without gradients nothing needs it any more.
    /// </summary>
    Tensor Advance(Tensor maps, int layer)
    {
        using var scope = NewDisposeScope();
        var output = _blocks[layer].call(WithNoise(EnterBlock(maps, layer), NoiseSite.BlockInput, layer));
        output = WithNoise(output, NoiseSite.BlockOutput, layer).MoveToOuterDisposeScope();
        maps.Dispose();
        return output;
    }

    ModuleList<ResidualBlock> Stage(int stage)
    {
        var outputs = Configuration.OutputWidth(stage);
        return new([
            .. Enumerable
                .Range(0, Configuration.BlockCounts[stage])
                .Select(block => new ResidualBlock(
                    inputs: block > 0 ? outputs
                        : stage == 0 ? Configuration.Width
                        : Configuration.OutputWidth(stage - 1),
                    inner: Configuration.Width << stage,
                    outputs,
                    stride: block == 0 && stage > 0 ? 2 : 1,
                    Configuration.HasBottlenecks
                )),
        ]);
    }

    /// <summary>[C, H, W] after a block; after the stem for -1. Every stride of 2 halves the size, rounded up.</summary>
    int[] MapsAfter(int layer)
    {
        var stage = 0;
        for (var blocks = Configuration.BlockCounts[0]; layer >= blocks; blocks += Configuration.BlockCounts[stage])
            stage++;
        var size = Configuration.ImageSize;
        for (var halvings = stage + (Configuration.Stem is ResNetStem.ImageNet ? 2 : 0); halvings > 0; halvings--)
            size = (size + 1) / 2;
        return [layer < 0 ? Configuration.Width : Configuration.OutputWidth(stage), size, size];
    }
}
