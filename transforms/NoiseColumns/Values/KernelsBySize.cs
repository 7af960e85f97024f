using System.Collections.Concurrent;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>The kernels of one column, made once for each size that its rows have. Usually that is one.</summary>
sealed class KernelsBySize<TSize>(Func<TSize, NoiseKernel> create)
    where TSize : struct, IEquatable<TSize>
{
    readonly ConcurrentDictionary<TSize, NoiseKernel> _kernels = [];

    public NoiseKernel Of(TSize size) => _kernels.GetOrAdd(size, create);
}
