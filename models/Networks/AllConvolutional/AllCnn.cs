using NoisyNN.Models.Explanation;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>
/// The all-convolutional network (Springenberg et al., arXiv 1412.6806) with Information Dropout (Achille and Soatto, arXiv 1611.01353).
/// Its blocks have two convolutions and one of stride 2 with the noise. Three more convolutions follow; the last has one map per class. The
/// means of these maps go to a linear layer. Each noise layer has a price, the KL of its noise.
/// </summary>
public sealed partial class AllCnn : ImageClassifier, IInformationMaps, IAnswerMaps
{
    [ComponentName(Name = "blocks")]
    readonly ModuleList<AllCnnBlock> _blocks;

    [ComponentName(Name = "conv1")]
    readonly NormalizedConvolution _convolution1;

    [ComponentName(Name = "conv2")]
    readonly NormalizedConvolution _convolution2;

    [ComponentName(Name = "conv3")]
    readonly NormalizedConvolution _convolution3;

    [ComponentName(Name = "head")]
    readonly Linear _head;

    NoiseSwitch _dropoutSwitch;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public AllCnn(AllCnnConfiguration configuration)
        : base(nameof(AllCnn), configuration)
    {
        Configuration = configuration;
        var widths = configuration.BlockWidths;
        // Statistics that training gathers under noise are never used. The normalisations hold those of the last batch, which the dry run
        // averages.
        var momentum = NeedsDryRun ? 1 : 0.1;
        _blocks = new ModuleList<AllCnnBlock>([
            .. widths.Select(
                (width, block) =>
                    new AllCnnBlock(block == 0 ? configuration.Channels : widths[block - 1], width, configuration.Dropout, momentum)
            ),
        ]);
        _convolution1 = new NormalizedConvolution(widths[^1], widths[^1], kernel: 3, stride: 1, momentum);
        _convolution2 = new NormalizedConvolution(widths[^1], widths[^1], kernel: 1, stride: 1, momentum);
        _convolution3 = new NormalizedConvolution(widths[^1], configuration.ClassCount, kernel: 1, stride: 1, momentum);
        _head = Linear(configuration.ClassCount, configuration.ClassCount);
        RegisterComponents();
        Initialization.Projection(_head);
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new AllCnnConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override NetworkGraph Graph =>
        new((weights, anySize) => AllCnnGraph.Build(Configuration, weights, anySize)) { TakesAnyImageSize = true };

    /// <inheritdoc/>
    public override int BlockCount => _blocks.Count;

    /// <inheritdoc/>
    public bool NoiseDependsOnInput => Configuration.Dropout.Kind is DropoutKind.Information;

    /// <inheritdoc/>
    public override bool NeedsDryRun => Configuration.Dropout.Kind != DropoutKind.None || Configuration.InputKeepProbability < 1;

    /// <summary>
    /// Whether the dropout of pixels and units acts. The noise of <see cref="Classifier.SetLatentNoise"/> has its own switches.
    /// </summary>
    public NoiseSwitch DropoutSwitch
    {
        get => _dropoutSwitch;
        set
        {
            _dropoutSwitch = value;
            foreach (var block in _blocks)
                block.Noise = value;
        }
    }

    /// <summary>The logits, [N, classes].</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of each class's map, [N, classes].</summary>
    public override Tensor features(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return ClassMaps(Encode(rows, BlockCount, visit: null)).mean([2, 3]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Logits, IReadOnlyList<PenaltyTerm> Penalties) ForwardWithPenalties(Tensor rows, long trainingRows)
    {
        using var scope = NewDisposeScope();
        var terms = new List<PenaltyTerm>();
        var maps = Encode(
            rows,
            BlockCount,
            (layer, _, information) =>
            {
                if (information is not null)
                    terms.Add(
                        new PenaltyTerm(
                            layer,
                            MeanOverRows(information).MoveToOuterDisposeScope(),
                            Configuration.Dropout.Beta / trainingRows
                        )
                    );
            }
        );
        var logits = _head.call(WithNoise(ClassMaps(maps).mean([2, 3]), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
        terms.ForEach(term => term.Value.MoveToOuterDisposeScope());
        return (logits, terms);
    }

    protected override Tensor AfterBlock(Tensor rows, int block) => Encode(rows, block + 1, visit: null);

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer)
    {
        return site switch
        {
            NoiseSite.BlockInput => MapsAfter(layer - 1),
            NoiseSite.BlockOutput => MapsAfter(layer),
            NoiseSite.BeforeHead => [ClassCount],
            _ => null,
        };

        int[] MapsAfter(int block)
        {
            var size = Configuration.ImageSize;
            for (var halvings = block + 1; halvings > 0; halvings--)
                size = (size + 1) / 2;
            return [block < 0 ? Channels : Configuration.BlockWidths[block], size, size];
        }
    }

    /// <summary>The nats of a row, summed over its units, averaged over the rows.</summary>
    /// <param name="information">[N, C, h, w]</param>
    internal static Tensor MeanOverRows(Tensor information) => information.sum() * (1.0 / information.shape[0]);

    /// <summary>The output of the first blocks, [N, C, h, w].</summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="blockCount">The number of blocks.</param>
    /// <param name="visit">Receives each block's name, output and information. Null saves the counting.</param>
    Tensor Encode(Tensor pixels, int blockCount, Action<string, Tensor, Tensor?>? visit)
    {
        using var scope = NewDisposeScope();
        var dropsPixels = DropoutSwitch == NoiseSwitch.On || (DropoutSwitch == NoiseSwitch.WhileTraining && training);
        var maps = functional.dropout(
            Normalize(pixels),
            1 - Configuration.InputKeepProbability,
            dropsPixels && Configuration.InputKeepProbability < 1
        );
        for (var layer = 0; layer < blockCount; layer++)
        {
            maps = WithNoise(maps, NoiseSite.BlockInput, layer);
            if (visit is null)
            {
                maps = _blocks[layer].call(maps);
            }
            else
            {
                (maps, var information) = _blocks[layer].Transmit(maps);
                visit($"block.{layer}", maps, information);
            }
            maps = WithNoise(maps, NoiseSite.BlockOutput, layer);
        }
        return maps.MoveToOuterDisposeScope();
    }

    /// <summary>A map for each class, [N, classes, h, w].</summary>
    Tensor ClassMaps(Tensor maps)
    {
        foreach (var convolution in new[] { _convolution1, _convolution2 })
            maps = InformationDropout.Activate(convolution.call(maps), Configuration.Dropout.Prior);
        // Without an activation. With few classes, ReLU would sometimes leave a map that is always 0.
        return _convolution3.call(maps);
    }
}
