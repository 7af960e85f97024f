using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>A pre-norm transformer block over tokens [N, T, D]: x += Attention(Norm(x)); x += Mlp(Norm(x)).</summary>
public sealed class TransformerBlock : Module<Tensor, Tensor>
{
    /// <summary>The epsilon of every normalisation in a Vision Transformer.</summary>
    public const double NormEpsilon = 1e-6;

    [ComponentName(Name = "norm1")]
    readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attn")]
    readonly Attention _attention;

    [ComponentName(Name = "norm2")]
    readonly LayerNorm _mlpNorm;

    [ComponentName(Name = "mlp")]
    readonly Mlp _mlp;

    /// <param name="dimension">D, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of attention heads.</param>
    /// <param name="mlpDimension">The width inside the perceptron.</param>
    /// <param name="dropoutRate">The dropout at the ends of both branches, in training.</param>
    public TransformerBlock(int dimension, int heads, int mlpDimension, double dropoutRate)
        : base(nameof(TransformerBlock))
    {
        _attentionNorm = LayerNorm([dimension], eps: NormEpsilon);
        _attention = new Attention(dimension, heads, dropoutRate);
        _mlpNorm = LayerNorm([dimension], eps: NormEpsilon);
        _mlp = new Mlp(dimension, mlpDimension, dropoutRate);
        RegisterComponents();
    }

    /// <summary>The block's output, [N, T, D].</summary>
    /// <param name="tokens">[N, T, D]</param>
    public override Tensor forward(Tensor tokens) =>
        forward(tokens, beforeAttention: null, afterAttention: null, queryCount: tokens.shape[1]);

    /// <summary>Computes the first <paramref name="queryCount"/> tokens of the block's output; they attend to all tokens.</summary>
    /// <param name="tokens">[N, T, D]</param>
    /// <param name="beforeAttention">A noise on the input of the attention; the residual stream does not have it.</param>
    /// <param name="afterAttention">A noise on the output of the attention, before it is added to the residual stream.</param>
    /// <param name="queryCount">1..T</param>
    public Tensor forward(Tensor tokens, LatentNoise? beforeAttention, LatentNoise? afterAttention, long queryCount)
    {
        using var scope = NewDisposeScope();
        var normed = _attentionNorm.call(tokens);
        var attended = _attention.forward(beforeAttention is null ? normed : beforeAttention.call(normed), queryCount);
        attended = afterAttention is null ? attended : afterAttention.call(attended);
        var stream = (queryCount == tokens.shape[1] ? tokens : tokens.narrow(1, 0, queryCount)) + attended;
        return (stream + _mlp.call(_mlpNorm.call(stream))).MoveToOuterDisposeScope();
    }

    /// <summary>The block's output, [N, T, D], and the weights of its attention, [N, heads, T, T], for gradients.</summary>
    /// <param name="tokens">[N, T, D]</param>
    internal (Tensor Tokens, Tensor Weights) Attend(Tensor tokens)
    {
        var (attended, weights) = _attention.Attend(_attentionNorm.call(tokens));
        var stream = tokens + attended;
        return (stream + _mlp.call(_mlpNorm.call(stream)), weights);
    }
}
