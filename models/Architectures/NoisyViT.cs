using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Noise;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Architectures;

/// <summary>
/// A Vision Transformer (Dosovitskiy et al., arXiv 2010.11929) with a place for noise between its layers (Yu et al., NoisyNN, arXiv 2309.10625):
/// patches and a class token, learned positions, pre-norm blocks, the class token to a linear head. Weights carry timm's names.
/// </summary>
public sealed class NoisyViT : ImageClassifier
{
    [ComponentName(Name = "cls_token")]
    readonly Parameter _classToken;

    [ComponentName(Name = "pos_embed")]
    readonly Parameter _positions;

    [ComponentName(Name = "patch_embed")]
    readonly PatchEmbedding _patchEmbedding;

    [ComponentName(Name = "blocks")]
    readonly ModuleList<TransformerBlock> _blocks;

    [ComponentName(Name = "norm")]
    readonly LayerNorm _norm;

    [ComponentName(Name = "head")]
    readonly Linear _head;

    [ComponentName(Name = "latent_noise")]
    readonly LatentNoise _latentNoise;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public NoisyViT(NoisyViTConfiguration configuration)
        : base(nameof(NoisyViT), configuration.Channels, configuration.ImageSize, configuration.ImageSize, configuration.ClassCount)
    {
        configuration.Validate();
        if (configuration.ClassCount < 1)
            throw new ArgumentException($"{nameof(configuration.ClassCount)} is {configuration.ClassCount}; a network needs at least one class.", nameof(configuration));
        Configuration = configuration;

        var dimension = configuration.Dimension;
        _classToken = new Parameter(zeros(1, 1, dimension));
        _positions = new Parameter(empty(1, configuration.TokenCount, dimension));
        init.normal_(_positions, mean: 0, std: 0.02);
        _patchEmbedding = new PatchEmbedding(configuration.Channels, configuration.PatchSize, dimension);
        _blocks = new ModuleList<TransformerBlock>([.. Enumerable.Range(0, configuration.Depth).Select(_ =>
            new TransformerBlock(dimension, configuration.Heads, configuration.MlpDimension, configuration.DropoutRate))]);
        _norm = LayerNorm([dimension], eps: TransformerBlock.NormEpsilon);
        _head = Linear(dimension, configuration.ClassCount);
        _latentNoise = new LatentNoise(configuration.GridSize);
        RegisterComponents();
        init.zeros_(_head.weight!);
        init.zeros_(_head.bias!);
    }

    public NoisyViTConfiguration Configuration { get; }

    public override LatentNoisePlacement? LatentNoise => _latentNoise.Placement;

    public override bool CanSplitBatches =>
        Configuration.DropoutRate == 0 && LatentNoise is null or { InTraining: false } or { Noise: LinearTransformNoise { Axis: not MixAxis.Batch } };

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    public override Tensor features(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var tokens = WithNoise(Embed(pixels), NoiseSite.AfterEmbedding);
        for (var layer = 0; layer < Configuration.Depth; layer++)
        {
            tokens = WithNoise(tokens, NoiseSite.BlockInput, layer);
            var attentionNoise = ActsAt(NoiseSite.AttentionInput, layer) ? _latentNoise : null;
            // Only the class token leaves the last block, so nothing else is computed there.
            var queryCount = layer == Configuration.Depth - 1 ? 1 : Configuration.TokenCount;
            tokens = _blocks[layer].forward(tokens, attentionNoise, queryCount);
        }

        return _norm.call(tokens.select(1, 0)).MoveToOuterDisposeScope();
    }

    public override void SetLatentNoise(LatentNoisePlacement? placement)
    {
        if (placement is not null)
            ThrowIfImpossible(placement);
        _latentNoise.Placement = placement;
    }

    Tensor Embed(Tensor pixels)
    {
        var batch = pixels.shape[0];
        var patches = _patchEmbedding.call(Normalize(pixels));
        var classTokens = _classToken.expand(batch, 1, Configuration.Dimension);
        var tokens = cat([classTokens, patches], 1) + _positions;
        return functional.dropout(tokens, Configuration.DropoutRate, training && Configuration.DropoutRate > 0);
    }

    Tensor Normalize(Tensor pixels)
    {
        var (scale, offset) = Configuration.Normalization();
        return pixels * PerChannel(scale) + PerChannel(offset);

        Tensor PerChannel(float[] values) => tensor(values, device: pixels.device).reshape(1, Channels, 1, 1);
    }

    Tensor WithNoise(Tensor input, NoiseSite site, int layer = -1) => ActsAt(site, layer) ? _latentNoise.call(input) : input;

    bool ActsAt(NoiseSite site, int layer) => _latentNoise.ActsAt(site, layer, Configuration.Depth);

    void ThrowIfImpossible(LatentNoisePlacement placement)
    {
        var depth = Configuration.Depth;
        if (placement.Site is NoiseSite.BlockInput or NoiseSite.AttentionInput && (placement.Layer < -depth || placement.Layer >= depth))
            throw new ArgumentException($"The network has {depth} blocks, so {nameof(placement.Layer)} is 0 to {depth - 1}, or -1 for the last; it is {placement.Layer}.", nameof(placement));
        if (placement.Noise is not LinearTransformNoise mixing)
            return;
        if (placement.Site == NoiseSite.BeforeHead && mixing.Axis is MixAxis.Tokens or MixAxis.SpatialRows)
            throw new ArgumentException($"Before the head there is one vector per image and no axis '{mixing.Axis}'; mix along Batch or Channels, or choose another site.", nameof(placement));

        var patches = Configuration.TokenCount - 1;
        switch (mixing.Axis)
        {
            case MixAxis.Tokens: mixing.ThrowIfSingular(placement.IncludeClassToken ? patches + 1 : patches); break;
            case MixAxis.SpatialRows: mixing.ThrowIfSingular(Configuration.GridSize); break;
            case MixAxis.Channels: mixing.ThrowIfSingular(Configuration.Dimension); break;
            default: break; // across the batch the size is known only when a batch comes
        }
    }
}
