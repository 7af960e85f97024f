using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer.Fused;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>
/// Multi-head self-attention over [N, T, D] (Vaswani et al., arXiv 1706.03762), with one packed projection for queries, keys and values.
/// </summary>
public sealed class Attention : Module<Tensor, Tensor>, IMixedPrecision, ILinearProducts
{
    readonly int _dimension;
    readonly int _heads;
    readonly double _dropoutRate;
    LinearProduct _way;

    [ComponentName(Name = "qkv")]
    readonly Linear _queryKeyValue;

    [ComponentName(Name = "proj")]
    readonly Linear _projection;

    /// <param name="dimension">D, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads, which share the dimension.</param>
    /// <param name="dropoutRate">The dropout on the output, in training.</param>
    public Attention(int dimension, int heads, double dropoutRate = 0)
        : base(nameof(Attention))
    {
        (_dimension, _heads, _dropoutRate) = (dimension, heads, dropoutRate);
        _queryKeyValue = Linear(dimension, 3 * dimension);
        _projection = Linear(dimension, dimension);
        RegisterComponents();
        // Three square matrices share storage; each is initialised as a matrix of its own.
        Initialization.Projection(_queryKeyValue.weight!, dimension, dimension);
        init.zeros_(_queryKeyValue.bias!);
        Initialization.Projection(_projection);
    }

    /// <inheritdoc/>
    public Precision Precision { get; set; }

    LinearProduct ILinearProducts.LinearProduct
    {
        get => _way;
        set => _way = value;
    }

    /// <summary>The outputs of all tokens, [N, T, D].</summary>
    /// <param name="tokens">[N, T, D]</param>
    public override Tensor forward(Tensor tokens) => forward(tokens, tokens.shape[1]);

    /// <summary>Whether to use <see cref="FusedAttention"/> for what it supports; libtorch's operators compute everything else.</summary>
    internal bool UsesFusedAttention { get; set; } = true;

    /// <summary>The outputs [N, queryCount, D] of the first <paramref name="queryCount"/> tokens, which attend to all tokens.</summary>
    public Tensor forward(Tensor tokens, long queryCount)
    {
        using var scope = NewDisposeScope();
        var (batch, count) = (tokens.shape[0], tokens.shape[1]);
        var isPacked = queryCount == count;
        var queries = isPacked ? Project(tokens, first: 0, parts: 3) : Project(tokens.narrow(1, 0, queryCount), first: 0, parts: 1);
        var keysValues = isPacked ? queries : Project(tokens, first: 1, parts: 2);

        var mixed = Mix(queries, keysValues, Precision, UsesFusedAttention).reshape(batch * queryCount, _dimension);
        var output = functional.dropout(
            Products.Single(Products.Linear(mixed, _projection, Precision, _way)),
            _dropoutRate,
            training && _dropoutRate > 0
        );
        return output.reshape(batch, queryCount, _dimension).MoveToOuterDisposeScope();
    }

    /// <summary>The outputs of all tokens, [N, T, D], and the weights that mix them, [N, heads, T, T], for gradients. Without dropout.</summary>
    /// <param name="tokens">[N, T, D]</param>
    internal (Tensor Output, Tensor Weights) Attend(Tensor tokens)
    {
        var parts = Project(tokens, first: 0, parts: 3).permute(2, 0, 3, 1, 4).unbind(0);
        var queries = parts[0] * Math.Pow(_dimension / _heads, -0.5);
        var weights = Products.Matmul(queries, parts[1].transpose(-2, -1), Precision.Float32).softmax(-1);
        return (_projection.call(Products.Matmul(weights, parts[2], Precision.Float32).transpose(1, 2).flatten(2)), weights);
    }

    /// <summary>softmax(QKᵀ / √D) V, [N, T, heads · D].</summary>
    /// <param name="queries">[N, T, 1, heads, D]; or [N, T, 3, heads, D] with keys and values behind them.</param>
    /// <param name="keysValues">[N, T', 2, heads, D]; or the same tensor as <paramref name="queries"/>.</param>
    /// <param name="precision">The precision of the two products.</param>
    /// <param name="fused">Whether to use our own kernel for what it supports.</param>
    internal static Tensor Mix(Tensor queries, Tensor keysValues, Precision precision, bool fused)
    {
        if (fused && FusedAttention.Accepts(queries, keysValues))
            return FusedAttention.Apply(queries, keysValues);

        using var scope = NewDisposeScope();
        Tensor[] parts = ReferenceEquals(queries, keysValues) ? Heads(queries) : [.. Heads(queries), .. Heads(keysValues)];
        var scores = Products.Matmul(parts[0] * Math.Pow(queries.shape[^1], -0.5), parts[1].transpose(-2, -1), precision);
        var weights = Products.Single(scores).softmax(-1);
        return Products.Matmul(weights, parts[2], precision).transpose(1, 2).flatten(2).MoveToOuterDisposeScope();

        // Each part is [N, heads, T, D].
        static Tensor[] Heads(Tensor packed) => packed.permute(2, 0, 3, 1, 4).unbind(0);
    }

    /// <summary>Some <paramref name="parts"/> of the packed projection, [N, T, parts, heads, D/heads].</summary>
    Tensor Project(Tensor tokens, int first, int parts)
    {
        var (batch, count) = (tokens.shape[0], tokens.shape[1]);
        var (start, length) = ((long)first * _dimension, (long)parts * _dimension);
        // The input is flattened, so that the product and its bias are one operator.
        return Products
            .Linear(
                tokens.reshape(batch * count, _dimension),
                _queryKeyValue.weight!.narrow(0, start, length),
                _queryKeyValue.bias!.narrow(0, start, length),
                Precision,
                _way
            )
            .reshape(batch, count, parts, _heads, _dimension / _heads);
    }
}
