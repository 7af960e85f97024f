using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.Laplace;

/// <summary>Takes one word for each element: 31 bits for an exponential value, and the lowest bit for its sign.</summary>
readonly struct LaplaceKernel(float scale) : IElementNoise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second)
    {
        low = Add(low, first);
        high = Add(high, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<float> Add(Vector512<float> values, Vector512<uint> words)
    {
        var signed = (Exponential.Negated(words).AsUInt32() ^ (words << 31)).AsSingle();
        return Vector512.FusedMultiplyAdd(signed, Vector512.Create(scale), values);
    }
}
