using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>
/// The perceptron of a transformer block, D to hidden to D, with the exact GELU (Hendrycks and Gimpel, arXiv 1606.08415).
/// </summary>
public sealed class Mlp : Module<Tensor, Tensor>, IMixedPrecision, ILinearProducts
{
    readonly double _dropoutRate;
    LinearProduct _way;

    [ComponentName(Name = "fc1")]
    readonly Linear _expand;

    [ComponentName(Name = "fc2")]
    readonly Linear _contract;

    /// <param name="dimension">D, of the input and the output.</param>
    /// <param name="hiddenDimension">The width of the hidden layer.</param>
    /// <param name="dropoutRate">The dropout on the output, in training.</param>
    public Mlp(int dimension, int hiddenDimension, double dropoutRate = 0)
        : base(nameof(Mlp))
    {
        _dropoutRate = dropoutRate;
        _expand = Linear(dimension, hiddenDimension);
        _contract = Linear(hiddenDimension, dimension);
        RegisterComponents();
        Initialization.Projection(_expand);
        Initialization.Projection(_contract);
    }

    /// <inheritdoc/>
    public Precision Precision { get; set; }

    LinearProduct ILinearProducts.LinearProduct
    {
        get => _way;
        set => _way = value;
    }

    /// <summary>The output, which has the shape of the input.</summary>
    /// <param name="tokens">[N, T, D]</param>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var flat = tokens.reshape(-1, tokens.shape[^1]);
        var hidden = functional.gelu(Products.Linear(flat, _expand, Precision, _way));
        var output = Products.Single(Products.Linear(hidden, _contract, Precision, _way));
        return functional.dropout(output, _dropoutRate, training && _dropoutRate > 0).reshape(tokens.shape).MoveToOuterDisposeScope();
    }
}
