using System.Collections.Concurrent;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>The kernels of one column, one for each size of its rows. Usually there is one.</summary>
sealed class KernelsBySize<TSize>(Func<TSize, NoiseKernel> create)
    where TSize : struct, IEquatable<TSize>
{
    readonly ConcurrentDictionary<TSize, NoiseKernel> _kernels = [];

    public NoiseKernel Of(TSize size) => _kernels.GetOrAdd(size, create);
}
