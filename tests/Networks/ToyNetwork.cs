using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Tests.Networks;

/// <summary>A perceptron of one hidden layer on pixels: the smallest network that has all that a network's folder holds.</summary>
public sealed class ToyNetwork : ImageClassifier
{
    [ComponentName(Name = "hidden")]
    readonly Linear _hidden;

    [ComponentName(Name = "head")]
    readonly Linear _head;

    public ToyNetwork(ToyConfiguration configuration)
        : base(nameof(ToyNetwork), configuration)
    {
        Configuration = configuration;
        _hidden = Linear(InputLength, configuration.HiddenUnits);
        _head = Linear(configuration.HiddenUnits, ClassCount);
        RegisterComponents();
    }

    public new ToyConfiguration Configuration { get; }

    public override NetworkGraph Graph => new((weights, _) => ToyGraph.Build(Configuration, weights)) { Features = ToyGraph.HiddenUnits };

    /// <summary>Another library's names for the hidden layer.</summary>
    public override WeightLayout WeightLayout { get; } =
        new()
        {
            Names = "toys",
            Foreign = [new("another library", Mark: "dense_1", Prefix: "", [("hidden", ["dense_1"]), ("head", ["dense_2"])])],
        };

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(features(pixels), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    public override Tensor features(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return functional.relu(_hidden.call(Normalize(rows).flatten(1))).MoveToOuterDisposeScope();
    }

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site == NoiseSite.BeforeHead ? [Configuration.HiddenUnits] : null;
}
