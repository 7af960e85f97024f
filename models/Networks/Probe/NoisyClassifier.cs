using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Probe;

/// <summary>
/// A classifier of vectors, such as the features of another network: a linear probe, or a perceptron of one hidden layer with the exact
/// GELU. It standardises its input. Noise has two places: the standardised features (<see cref="NoiseSite.AfterEmbedding"/>) and the input
/// of the last layer (<see cref="NoiseSite.BeforeHead"/>).
/// </summary>
public sealed class NoisyClassifier : Classifier
{
    [ComponentName(Name = "mean")]
    readonly Tensor _mean;

    [ComponentName(Name = "scale")]
    readonly Tensor _scale;

    [ComponentName(Name = "hidden")]
    readonly Linear? _hidden;

    [ComponentName(Name = "head")]
    readonly Linear _head;

    /// <summary>Builds the network; its first weights come from torch's default generator.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public NoisyClassifier(NoisyClassifierConfiguration configuration)
        : base(nameof(NoisyClassifier), configuration)
    {
        if (configuration.FeatureCount == 0)
            throw new ArgumentException(
                $"{nameof(configuration.FeatureCount)} is 0; a network needs the number of its features.",
                nameof(configuration)
            );
        Configuration = configuration;
        _mean = zeros(configuration.FeatureCount);
        _scale = ones(configuration.FeatureCount);
        _hidden = configuration.HiddenDimension > 0 ? Linear(configuration.FeatureCount, configuration.HiddenDimension) : null;
        _head = Linear(configuration.HeadDimension, configuration.ClassCount);
        RegisterComponents();
        if (_hidden is not null)
            Initialization.Projection(_hidden);
        init.zeros_(_head.weight!);
        init.zeros_(_head.bias!);
    }

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new NoisyClassifierConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override string FeatureLayer => "hidden";

    /// <inheritdoc/>
    public override bool StandardizesInput => Configuration.Standardize;

    /// <inheritdoc/>
    public override NetworkGraph Graph =>
        new((weights, _) => NoisyClassifierGraph.Build(Configuration, weights))
        {
            Input = NoisyClassifierGraph.InputName,
            Features = NoisyClassifierGraph.HiddenName,
            DrawInput = FeatureLike(),
        };

    /// <param name="features">[N, D], or the same rows in any shape.</param>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _head.call(WithNoise(this.features(features), NoiseSite.BeforeHead)).MoveToOuterDisposeScope();
    }

    /// <summary>The input of the last layer: the standardised features or the hidden layer.</summary>
    public override Tensor features(Tensor rows)
    {
        using var scope = NewDisposeScope();
        rows = (rows.reshape(-1, Configuration.FeatureCount) - _mean) * _scale;
        rows = WithNoise(rows, NoiseSite.AfterEmbedding);
        if (_hidden is not null)
            rows = functional.dropout(
                functional.gelu(_hidden.call(rows)),
                Configuration.DropoutRate,
                training && Configuration.DropoutRate > 0
            );
        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Sets the mean to subtract from each feature and the deviation to divide it by. A deviation of 0, a constant feature, counts as 1.
    /// </summary>
    /// <param name="means">One per feature.</param>
    /// <param name="deviations">One per feature.</param>
    /// <exception cref="ArgumentException">There is not one of each per feature.</exception>
    public override void Standardize(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        if (means.Length != Configuration.FeatureCount || deviations.Length != Configuration.FeatureCount)
            throw new ArgumentException(
                $"There are {Configuration.FeatureCount} features, but {means.Length} means and {deviations.Length} deviations.",
                nameof(means)
            );
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        _mean.copy_(tensor(Array.ConvertAll(means.ToArray(), mean => (float)mean)));
        _scale.copy_(tensor(Array.ConvertAll(deviations.ToArray(), deviation => deviation > 0 ? (float)(1 / deviation) : 1)));
    }

    protected internal override IReadOnlyList<int>? ShapeAt(NoiseSite site, int layer) =>
        site switch
        {
            NoiseSite.AfterEmbedding => [Configuration.FeatureCount],
            NoiseSite.BeforeHead => [Configuration.HeadDimension],
            _ => null,
        };

    /// <summary>
    /// Draws features with the mean and deviation that the network standardises by. Far from them the logits are huge, and so is their
    /// rounding.
    /// </summary>
    Func<Random, int, float> FeatureLike()
    {
        using var scope = NewDisposeScope();
        var (mean, scale) = (_mean.cpu().data<float>().ToArray(), _scale.cpu().data<float>().ToArray());
        var halfWidth = MathF.Sqrt(3);
        return (random, index) => mean[index % mean.Length] + halfWidth * (2 * random.NextSingle() - 1) / scale[index % scale.Length];
    }
}
