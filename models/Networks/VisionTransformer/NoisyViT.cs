using NoisyNN.Models.Explanation;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>
/// A Vision Transformer (Dosovitskiy et al., arXiv 2010.11929) with places for noise in and between its blocks (Yu et al., NoisyNN, arXiv
/// 2309.10625). It has patches and a class token, learned positions and pre-norm blocks. The class token goes to a linear head. Weights
/// have timm's names.
/// </summary>
public sealed partial class NoisyViT : ImageClassifier, IAnswerMaps
{
    const string PooledLayer = "pooled";

    /// <summary>The output of an exported transformer that is the input of its head: the class token, [N, D].</summary>
    public const string ClassTokenOutput = "ClassToken";

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

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public NoisyViT(NoisyViTConfiguration configuration)
        : base(nameof(NoisyViT), configuration)
    {
        Configuration = configuration;
        var dimension = configuration.Dimension;
        _classToken = new Parameter(zeros(1, 1, dimension));
        _positions = new Parameter(empty(1, configuration.TokenCount, dimension));
        init.normal_(_positions, mean: 0, std: 0.02);
        _patchEmbedding = new PatchEmbedding(configuration.Channels, configuration.PatchSize, dimension);
        _blocks = new ModuleList<TransformerBlock>([
            .. Enumerable
                .Range(0, configuration.Depth)
                .Select(_ => new TransformerBlock(dimension, configuration.Heads, configuration.MlpDimension, configuration.DropoutRate)),
        ]);
        _norm = LayerNorm([dimension], eps: TransformerBlock.NormEpsilon);
        _head = Linear(dimension, configuration.ClassCount);
        RegisterComponents();
        init.zeros_(_head.weight!);
        init.zeros_(_head.bias!);
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new NoisyViTConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override NetworkGraph Graph => new((weights, _) => NoisyViTGraph.Build(Configuration, weights)) { Features = ClassTokenOutput };

    /// <inheritdoc/>
    public override WeightLayout WeightLayout => NoisyViTWeights.Layout;

    /// <inheritdoc/>
    public override int BlockCount => Configuration.Depth;

    /// <summary>The logits, [N, classes].</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    /// <summary>The class token after the last normalisation, [N, D].</summary>
    public override Tensor features(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return _norm.call(Encode(rows, BlockCount, QueryCount(BlockCount - 1)).select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>The class token after the last normalisation.</summary>
    public override string FeatureLayer => "class_token";

    /// <summary>
    /// The tokens [T, D] of each block with the class token first; after the last normalisation, the class token and the mean of the
    /// others; the logits.
    /// </summary>
    public override IReadOnlyList<string> Layers => [.. base.Layers, PooledLayer];

    protected override Tensor AfterBlock(Tensor rows, int block) => Encode(rows, block + 1, Configuration.TokenCount);

    protected override Tensor OtherActivations(Tensor rows, string layer)
    {
        using var scope = NewDisposeScope();
        var patches = Encode(rows, BlockCount, Configuration.TokenCount).narrow(1, 1, Configuration.TokenCount - 1);
        return _norm.call(patches).mean([1]).MoveToOuterDisposeScope();
    }

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site is NoiseSite.BeforeHead ? [Configuration.Dimension] : [Configuration.TokenCount, Configuration.Dimension];

    protected override void ThrowIfImpossible(LatentNoisePlacement placement)
    {
        base.ThrowIfImpossible(placement);
        var isLast = placement.Layer == -1 || placement.Layer == BlockCount - 1;
        if (placement.Site is NoiseSite.BlockOutput or NoiseSite.AttentionOutput && isLast && !placement.IncludeClassToken)
            throw new ArgumentException(
                "After the last block's attention the head reads only the class token, so noise on other tokens has no effect; "
                    + $"set {nameof(placement.IncludeClassToken)}.",
                nameof(placement)
            );
    }

    /// <summary>
    /// Only the class token leaves the last block, so no other token is computed there, unless a noise after its attention may mix the
    /// others into it.
    /// </summary>
    int QueryCount(int layer) =>
        layer == BlockCount - 1 && NoiseAt(NoiseSite.AttentionOutput, layer) is null && NoiseAt(NoiseSite.BlockOutput, layer) is null
            ? 1
            : Configuration.TokenCount;

    /// <summary>The output tokens of the first <paramref name="blockCount"/> blocks.</summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="blockCount">The number of blocks; 0 for the embedding.</param>
    /// <param name="lastQueryCount">The number of tokens that leave the network's last block.</param>
    Tensor Encode(Tensor pixels, int blockCount, int lastQueryCount)
    {
        using var scope = NewDisposeScope();
        var tokens = WithNoise(Embed(pixels), NoiseSite.AfterEmbedding);
        for (var layer = 0; layer < blockCount; layer++)
        {
            tokens = WithNoise(EnterBlock(tokens, layer), NoiseSite.BlockInput, layer);
            var (before, after) = (NoiseAt(NoiseSite.AttentionInput, layer), NoiseAt(NoiseSite.AttentionOutput, layer));
            tokens = _blocks[layer].forward(tokens, before, after, layer == BlockCount - 1 ? lastQueryCount : Configuration.TokenCount);
            tokens = WithNoise(tokens, NoiseSite.BlockOutput, layer);
        }
        return tokens.MoveToOuterDisposeScope();
    }

    Tensor Embed(Tensor pixels)
    {
        var batch = pixels.shape[0];
        var patches = _patchEmbedding.call(Normalize(pixels));
        var classTokens = _classToken.expand(batch, 1, Configuration.Dimension);
        var tokens = cat([classTokens, patches], 1) + _positions;
        return functional.dropout(tokens, Configuration.DropoutRate, training && Configuration.DropoutRate > 0);
    }
}
