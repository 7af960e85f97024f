using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// The micro Vision Transformer as one writes it with TorchSharp: dimension 192, 6 blocks, 3 heads, patches of 4 on 28 x 28 grey.
/// </summary>
/// <remarks>Fields have the names of timm's parameters, which TorchSharp takes from them.</remarks>
sealed class PlainTransformer : Module<Tensor, Tensor>
{
    const int Dimension = 192;

    readonly Parameter cls_token = new(zeros(1, 1, Dimension));
    readonly Parameter pos_embed = new(zeros(1, 50, Dimension));
    readonly PatchEmbed patch_embed = new();
    readonly Sequential blocks = Sequential(new Block(), new Block(), new Block(), new Block(), new Block(), new Block());
    readonly LayerNorm norm = LayerNorm(Dimension, eps: 1e-6);
    readonly Linear head = Linear(Dimension, 10);

    public PlainTransformer()
        : base(nameof(PlainTransformer)) => RegisterComponents();

    public override Tensor forward(Tensor pixels)
    {
        var patches = patch_embed.call((pixels / 255 - 0.2860) / 0.3530);
        var tokens = cat([cls_token.expand(patches.shape[0], -1, -1), patches], 1) + pos_embed;
        return head.call(norm.call(blocks.call(tokens)).select(1, 0));
    }

    sealed class PatchEmbed : Module<Tensor, Tensor>
    {
        readonly Conv2d proj = Conv2d(1, Dimension, 4, stride: 4);

        public PatchEmbed()
            : base(nameof(PatchEmbed)) => RegisterComponents();

        public override Tensor forward(Tensor pixels) => proj.call(pixels).flatten(2).transpose(1, 2);
    }

    sealed class Block : Module<Tensor, Tensor>
    {
        readonly LayerNorm norm1 = LayerNorm(Dimension, eps: 1e-6);
        readonly Attention attn = new();
        readonly LayerNorm norm2 = LayerNorm(Dimension, eps: 1e-6);
        readonly Mlp mlp = new();

        public Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor tokens)
        {
            tokens = tokens + attn.call(norm1.call(tokens));
            return tokens + mlp.call(norm2.call(tokens));
        }
    }

    sealed class Attention : Module<Tensor, Tensor>
    {
        const int Heads = 3;

        readonly Linear qkv = Linear(Dimension, 3 * Dimension);
        readonly Linear proj = Linear(Dimension, Dimension);

        public Attention()
            : base(nameof(Attention)) => RegisterComponents();

        public override Tensor forward(Tensor tokens)
        {
            var (batch, count) = (tokens.shape[0], tokens.shape[1]);
            var parts = qkv.call(tokens).reshape(batch, count, 3, Heads, Dimension / Heads).permute(2, 0, 3, 1, 4).unbind(0);
            var weights = (parts[0] * Math.Pow(Dimension / Heads, -0.5)).matmul(parts[1].transpose(-2, -1)).softmax(-1);
            return proj.call(weights.matmul(parts[2]).transpose(1, 2).reshape(batch, count, Dimension));
        }
    }

    sealed class Mlp : Module<Tensor, Tensor>
    {
        readonly Linear fc1 = Linear(Dimension, 4 * Dimension);
        readonly Linear fc2 = Linear(4 * Dimension, Dimension);

        public Mlp()
            : base(nameof(Mlp)) => RegisterComponents();

        public override Tensor forward(Tensor tokens) => fc2.call(functional.gelu(fc1.call(tokens)));
    }
}
