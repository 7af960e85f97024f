using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using NoisyNN.Models.Distributed;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// Sums the gradients of all ranks, in buckets of about a megabyte. The last layers' go first: their gradients are complete first. Where
/// the network says which block the backward pass has left, sums begin while it goes on (Li et al., PyTorch Distributed, arXiv 2006.15704).
/// </summary>
sealed class GradientExchange : IDisposable
{
    const int LeastValues = 1 << 18;

    readonly ProcessGroup _group;
    readonly GradientBucket[] _buckets;
    int _begun;
    ExceptionDispatchInfo? _failure;

    /// <param name="group">All ranks.</param>
    /// <param name="network">Whose gradients are summed.</param>
    public GradientExchange(ProcessGroup group, nn.Module network)
    {
        _group = group;
        _buckets = [.. Buckets(network)];
    }

    /// <summary>The number of messages in a step.</summary>
    public int BucketCount => _buckets.Length;

    /// <summary>How many of the last step's messages began before its backward pass had ended.</summary>
    public int BegunEarly { get; private set; }

    /// <summary>The backward pass has left a block, counted from 0.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "No exception may cross libtorch's frames; Complete throws it again.")]
    public void BlockLeft(int block)
    {
        if (_failure is not null)
            return;
        try
        {
            // Layer 0 comes before the first block.
            while (_begun < _buckets.Length && _buckets[_begun].Depth > block)
                _buckets[_begun++].Begin(_group);
            foreach (var bucket in _buckets.AsSpan(0, _begun))
                bucket.Advance();
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }

    /// <summary>Sums what has not begun, and waits until every parameter has the sum of its gradients.</summary>
    public void Complete()
    {
        _failure?.Throw();
        BegunEarly = _begun;
        while (_begun < _buckets.Length)
            _buckets[_begun++].Begin(_group);
        foreach (var bucket in _buckets)
            bucket.Complete();
        _begun = 0;
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets)
            bucket.Dispose();
    }

    static IEnumerable<GradientBucket> Buckets(nn.Module network)
    {
        var named = network.named_parameters().ToArray();
        var depths = LayerDepth.Of(named.Select(entry => entry.name));
        List<Parameter> gathered = [];
        foreach (var layer in named.GroupBy(entry => depths[entry.name], entry => entry.parameter).OrderByDescending(layer => layer.Key))
        {
            gathered.AddRange(layer);
            if (layer.Key > 0 && gathered.Sum(parameter => parameter.numel()) < LeastValues)
                continue;
            yield return new([.. gathered], layer.Key);
            gathered.Clear();
        }
        if (gathered.Count > 0)
            yield return new([.. gathered], depths.Values.Min());
    }
}
