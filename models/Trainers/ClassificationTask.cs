using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Transforms.Noise;
using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// A classifier learns the classes of rows: cross entropy with label smoothing and weighted classes, and the penalties of its layers. It is
/// judged by its accuracy.
/// </summary>
class ClassificationTask : TrainingTask
{
    const string Correct = "correct";
    protected const string PenaltyPrefix = "penalty ";

    readonly Classifier _network;
    readonly Device _device;
    readonly Objective _objective;
    readonly DryRun _dryRun;
    readonly Validator? _validator;
    readonly DomainAlignment? _alignment;
    readonly long _trainingRows;
    readonly Func<Classifier, int, IReadOnlyList<LayerMeasurement>>? _measureLayers;

    /// <param name="network">The classifier, on the device.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="options">With a seed.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The rows that choose the model; null for none.</param>
    /// <param name="target">Unlabelled rows of another domain; null for none.</param>
    /// <param name="trained">A module around the network with more to train; null for the network alone.</param>
    public ClassificationTask(
        Classifier network,
        Device device,
        ClassifierOptions options,
        RowStore training,
        RowStore? validation,
        RowStore? target = null,
        nn.Module? trained = null
    )
        : base(trained ?? network, StepShare.Of(options))
    {
        (_network, _device, _trainingRows, InputNoise) = (network, device, training.Count, options.InputNoise);
        _measureLayers = options.MeasureLayers;
        _objective = Objective.Create(options, training.CountClasses(network.ClassCount), device);
        _dryRun = new DryRun(network, device, training, options.BatchSize, options.Seed!.Value);
        _alignment = target is null
            ? null
            : new DomainAlignment(network, device, target, options.AlignmentWeight, options.BatchSize, options.Seed!.Value);
        _validator = validation is null ? null : new Validator(network, device, validation, options.BatchSize);
    }

    public override string Name => "classification";

    public override IReadOnlyList<int> RowShape => _network.InputShape;

    public override NoiseDefinition? InputNoise { get; }

    public override bool HasLinearProducts => _network.HasLinearProducts;

    public override void SetLinearProduct(LinearProduct way) => _network.SetLinearProduct(way);

    public override void SetPrecision(Precision precision) => _network.SetPrecision(precision);

    public override void BeginStep(long step)
    {
        _network.SetTrainingStep(step);
        _alignment?.BeginStep(step);
    }

    protected override void SetBlockLeft(Action<int>? blockLeft) => _network.BlockLeft = blockLeft;

    protected override (double Loss, NamedSums Figures) Compute(Batch rows, int start, int count)
    {
        var classes = rows.Classes.narrow(0, start, count).to(_device);
        var pixels = rows.Pixels.narrow(0, start, count).to(_device);
        var (logits, penalties) = _network.ForwardWithPenalties(pixels, _trainingRows);
        if (_alignment is not null)
            penalties = [.. penalties, _alignment.Penalty(pixels, start)];
        var sum =
            rows.Share == 1
                ? _objective.Sum(logits, classes)
                : _objective.Sum(logits, classes) * rows.Share
                    + _objective.Sum(logits, rows.Partners.narrow(0, start, count).to(_device)) * (1 - rows.Share);
        var loss = penalties.Aggregate(sum, (total, term) => total + term.Value * (term.Weight * count)) * (1.0 / rows.StepCount);
        loss.backward();
        var figures = penalties.ToDictionary(term => PenaltyPrefix + term.Layer, term => term.Value.item<float>() * (double)count);
        figures[Correct] = logits.detach().argmax(1).eq(classes).sum().item<long>();
        return (loss.item<float>(), new NamedSums(figures));
    }

    public override TrainingMetrics Describe(TrainingMetrics metrics, EpochTotals totals)
    {
        var penalties = totals
            .Figures.Figures.Where(figure => figure.Key.StartsWith(PenaltyPrefix, StringComparison.Ordinal))
            .ToDictionary(figure => figure.Key[PenaltyPrefix.Length..], figure => figure.Value / totals.Images);
        return metrics with
        {
            Penalties = penalties.Count == 0 ? null : penalties,
            TrainingAccuracy = metrics.EpochCompleted ? totals.Figures[Correct] / totals.Images : null,
        };
    }

    public override void PrepareForEvaluation() => _dryRun.Run();

    public override (double Loss, double? Accuracy)? Validate() => _validator?.Run();

    public override IReadOnlyList<LayerMeasurement> Measure(int epoch) => _measureLayers?.Invoke(_network, epoch) ?? [];

    public override void Dispose()
    {
        _alignment?.Dispose();
        _objective.Dispose();
    }
}
