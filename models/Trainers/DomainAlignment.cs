using NoisyNN.Models.Networks;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Batches;
using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// The penalty that makes the features of training rows like those of unlabelled rows of another domain: their maximum mean discrepancy.
/// Source: Long, Cao, Wang, Jordan, Learning Transferable Features with Deep Adaptation Networks (arXiv 1502.02791).
/// </summary>
/// <remarks>
/// The rows of a step are a function of (seed, step, place in the step). They pass through the network as training rows do, so that the
/// running statistics of its normalisations are those of both domains.
/// </remarks>
sealed class DomainAlignment : IDisposable
{
    const string Layer = "alignment";

    readonly Classifier _network;
    readonly Device _device;
    readonly RowStore _target;
    readonly double _weight;
    readonly int _seed;
    readonly Batch _batch;
    long _step;

    /// <param name="network">The network, on the device.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="target">The unlabelled rows.</param>
    /// <param name="weight">The weight of the penalty in the loss.</param>
    /// <param name="batchSize">Rows that the network computes at once.</param>
    /// <param name="seed">Decides the rows of a step.</param>
    public DomainAlignment(Classifier network, Device device, RowStore target, double weight, int batchSize, int seed)
    {
        (_network, _device, _target, _weight, _seed) = (network, device, target, weight, seed);
        _batch = new Batch(batchSize, network.InputShape);
    }

    /// <summary>A step begins, counted from 0.</summary>
    public void BeginStep(long step) => _step = step;

    /// <summary>The penalty for some of a step's training rows, and as many target rows.</summary>
    /// <param name="pixels">The training rows, on the device.</param>
    /// <param name="start">The place of the first of them in the step.</param>
    public PenaltyTerm Penalty(Tensor pixels, int start)
    {
        var random = RandomStream.Create(_seed, RandomStream.Target, _step << 20 | (long)start);
        var rows = new int[pixels.shape[0]];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = random.Next(_target.Count);
        _batch.Fill(_target, rows);
        var discrepancy = MeanDiscrepancy.Squared(_network.features(pixels), _network.features(_batch.Pixels.to(_device)));
        return new(Layer, discrepancy, _weight);
    }

    public void Dispose() => _batch.Dispose();
}
