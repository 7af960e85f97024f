using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.Gaussian;

/// <summary>
/// Adds one normal value to each element: the cosine branch of Box and Muller to the first sixteen, the sine branch to the others.
/// </summary>
readonly struct GaussianKernel(float standardDeviation, float mean) : IElementNoise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second)
    {
        var radius = BoxMuller.Radius(first, standardDeviation);
        var (cosine, sine) = BoxMuller.CosineAndSine(second);
        var shift = Vector512.Create(mean);
        low = Vector512.FusedMultiplyAdd(radius, cosine, low + shift);
        high = Vector512.FusedMultiplyAdd(radius, sine, high + shift);
    }
}
