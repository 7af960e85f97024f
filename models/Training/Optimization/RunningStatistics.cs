using System.Runtime.InteropServices;
using NoisyNN.Models.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// The running means and variances of batch normalisations. Each rank normalises by the statistics of its own rows, as one process does
/// with each of the batches that it accumulates; the running ones become their mean over the ranks, by numbers of rows.
/// </summary>
sealed class RunningStatistics : IDisposable
{
    readonly Tensor[] _statistics;
    readonly Tensor _values;
    readonly Tensor[] _parts;

    public RunningStatistics(nn.Module network)
    {
        _statistics = [.. Of(network)];
        _values = zeros(_statistics.Sum(statistic => statistic.numel())).DetachFromDisposeScope();
        _parts = new Tensor[_statistics.Length];
        var start = 0L;
        for (var index = 0; index < _parts.Length; start += _statistics[index++].numel())
            _parts[index] = _values.narrow(0, start, _statistics[index].numel()).view(_statistics[index].shape).DetachFromDisposeScope();
    }

    /// <summary>Whether a network has any.</summary>
    public static bool HasAny(nn.Module network) => Of(network).Any();

    /// <summary>Replaces them by their mean over all ranks.</summary>
    /// <param name="group">All ranks.</param>
    /// <param name="share">The share of a step's rows that this rank has computed.</param>
    public void Average(ProcessGroup group, double share)
    {
        if (_parts.Length == 0)
            return;
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        for (var index = 0; index < _parts.Length; index++)
            _parts[index].copy_(_statistics[index]).mul_(share);
        group.BeginSum(MemoryMarshal.Cast<byte, float>(_values.bytes)).Wait();
        for (var index = 0; index < _parts.Length; index++)
            _statistics[index].copy_(_parts[index]);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _values.Dispose();
    }

    static IEnumerable<Tensor> Of(nn.Module network) =>
        network
            .named_buffers()
            .Where(entry =>
                entry.name.EndsWith("running_mean", StringComparison.Ordinal)
                || entry.name.EndsWith("running_var", StringComparison.Ordinal)
            )
            .Select(entry => entry.buffer);
}
