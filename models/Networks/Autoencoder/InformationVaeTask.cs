using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Loop;
using NoisyNN.Models.Training.Optimization;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>An autoencoder learns to code its rows: the loss is the evidence lower bound with its sign changed, nats per row.</summary>
sealed class InformationVaeTask : TrainingTask
{
    const string Divergence = "divergence";

    readonly InformationVae _network;
    readonly Device _device;
    readonly int _seed;
    readonly RowStore? _validation;
    readonly Batch? _batch;

    /// <param name="network">The autoencoder, on the device.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="options">With a seed.</param>
    /// <param name="validation">The rows that choose the model; null for none.</param>
    public InformationVaeTask(InformationVae network, Device device, TrainingOptions options, RowStore? validation)
        : base(network, StepShare.Of(options))
    {
        (_network, _device, _seed, _validation) = (network, device, options.Seed!.Value, validation);
        _batch = validation is null ? null : new Batch(Math.Min(options.BatchSize, validation.Count), RowShape);
    }

    public override string Name => "a code and its bound";

    public override IReadOnlyList<int> RowShape => _network.Configuration.InputShape;

    protected override (double Loss, NamedSums Figures) Compute(Batch rows, int start, int count)
    {
        var (likelihoods, divergences) = Bound(rows.Pixels.narrow(0, start, count));
        var loss = (divergences.sum() - likelihoods.sum()) * (1.0 / rows.StepCount);
        loss.backward();
        return (loss.item<float>(), new NamedSums(new Dictionary<string, double> { [Divergence] = divergences.sum().item<float>() }));
    }

    public override TrainingMetrics Describe(TrainingMetrics metrics, EpochTotals totals)
    {
        var divergence = totals.Figures[Divergence] / totals.Images;
        return metrics with { LogLikelihood = divergence - metrics.Loss, Divergence = divergence };
    }

    public override (double Loss, double? Accuracy)? Validate()
    {
        if (_validation is null)
            return null;
        using var gradients = no_grad();
        // The same codes after every epoch, so that epochs differ in their weights alone.
        manual_seed(RandomStream.Derive(_seed, RandomStream.Step, -1));
        int[] order = [.. Enumerable.Range(0, _validation.Count)];
        var sum = 0.0;
        foreach (var rows in order.Chunk(_batch!.Size))
        {
            using var scope = NewDisposeScope();
            _batch.Fill(_validation, rows);
            var (likelihoods, divergences) = Bound(_batch.Pixels);
            sum += (divergences - likelihoods).sum().item<float>();
        }
        return (sum / _validation.Count, null);
    }

    public override void Dispose() => _batch?.Dispose();

    (Tensor LogLikelihood, Tensor Divergence) Bound(Tensor pixels) =>
        _network.Bound(pixels.to(_device), randn(pixels.shape[0], _network.Configuration.LatentDimension, device: _device));
}
