using NoisyNN.Models.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Domains;

/// <summary>
/// Gives the batch normalisations of a network the statistics of other rows, for a while (AdaBN: Li et al., arXiv 1603.04779). No weight
/// changes. Disposing gives them their own again.
/// </summary>
sealed class BatchStatistics : IDisposable
{
    readonly (Tensor Value, Tensor Own)[] _statistics;

    BatchStatistics(IEnumerable<BatchNorm2d> norms) =>
        _statistics = [
            .. norms
                .SelectMany(norm => new[] { norm.running_mean!, norm.running_var! })
                .Select(value => (value, value.detach().clone().DetachFromDisposeScope())),
        ];

    /// <summary>Estimates the statistics anew.</summary>
    /// <param name="network">The network, without noise.</param>
    /// <param name="batches">Full batches of rows, on its device; some tens are enough.</param>
    /// <exception cref="NotSupportedException">The network has no batch normalisation.</exception>
    public static BatchStatistics Estimate(Classifier network, IEnumerable<Tensor> batches)
    {
        var norms = Norms(network);
        var kept = new BatchStatistics(norms);
        using var gradients = no_grad();
        network.eval();
        if (network.NeedsDryRun)
        {
            network.DryRun(batches);
            return kept;
        }
        // Only the normalisations are in training: dropout stays off.
        foreach (var norm in norms)
        {
            norm.train();
            norm.reset_running_stats();
        }
        foreach (var batch in batches)
            network.features(batch).Dispose();
        network.eval();
        return kept;
    }

    /// <exception cref="NotSupportedException">The network has no batch normalisation.</exception>
    public static IReadOnlyList<BatchNorm2d> Norms(Classifier network)
    {
        List<BatchNorm2d> norms = [.. network.modules().OfType<BatchNorm2d>()];
        return norms.Count > 0
            ? norms
            : throw new NotSupportedException(
                $"a {network.GetName()} has no batch normalisation, so that 'batch-statistics' changes nothing; use noisy-resnet or all-cnn"
            );
    }

    public void Dispose()
    {
        using var gradients = no_grad();
        foreach (var (value, own) in _statistics)
        {
            value.copy_(own);
            own.Dispose();
        }
    }
}
