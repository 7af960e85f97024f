using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.FullyConnected;

/// <summary>
/// A perceptron with ReLU on all pixels of an image. Its blocks are the hidden layers. Noise has a place before and after each, and before
/// the head.
/// </summary>
public sealed class Perceptron : ImageClassifier
{
    [ComponentName(Name = "blocks")]
    readonly ModuleList<Linear> _blocks;

    [ComponentName(Name = "head")]
    readonly Linear _head;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public Perceptron(PerceptronConfiguration configuration)
        : base(nameof(Perceptron), configuration)
    {
        Configuration = configuration;
        _blocks = new([
            .. Enumerable.Range(0, configuration.Widths.Count).Select(block => Linear(UnitsAfter(block - 1), configuration.Widths[block])),
        ]);
        _head = Linear(configuration.Widths[^1], ClassCount);
        RegisterComponents();
        foreach (var layer in _blocks.Append(_head))
            Initialization.Projection(layer);
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new PerceptronConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override NetworkGraph Graph => new((weights, _) => PerceptronGraph.Build(Configuration, weights));

    /// <inheritdoc/>
    public override int BlockCount => _blocks.Count;

    /// <inheritdoc/>
    public override string FeatureLayer => "hidden";

    /// <summary>The hidden layers, of which the last one is the input of the head, and the logits.</summary>
    public override IReadOnlyList<string> Layers =>
        [.. Enumerable.Range(0, BlockCount - 1).Select(block => $"block.{block}"), FeatureLayer, LogitsLayer];

    /// <summary>The logits, [N, classes].</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    /// <summary>The last hidden layer, [N, D].</summary>
    public override Tensor features(Tensor rows) => AfterBlock(rows, BlockCount - 1);

    /// <summary>A hidden layer, [N, D].</summary>
    protected override Tensor AfterBlock(Tensor rows, int block)
    {
        using var scope = NewDisposeScope();
        var values = Normalize(rows).flatten(1);
        for (var layer = 0; layer <= block; layer++)
        {
            values = functional.relu(_blocks[layer].call(WithNoise(values, NoiseSite.BlockInput, layer)));
            values = WithNoise(values, NoiseSite.BlockOutput, layer);
        }
        return values.MoveToOuterDisposeScope();
    }

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site switch
        {
            NoiseSite.BlockInput => [UnitsAfter(layer - 1)],
            NoiseSite.BlockOutput => [UnitsAfter(layer)],
            NoiseSite.BeforeHead => [UnitsAfter(BlockCount - 1)],
            _ => null,
        };

    /// <summary>The values after a block; those of the image for -1.</summary>
    int UnitsAfter(int block) => block < 0 ? InputLength : Configuration.Widths[block];
}
