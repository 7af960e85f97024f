using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.Speckle;

/// <summary>Adds to each element the element times a normal value. The normal values are those of <see cref="GaussianKernel"/>.</summary>
readonly struct SpeckleKernel(float standardDeviation) : IElementNoise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second)
    {
        var radius = BoxMuller.Radius(first, standardDeviation);
        var (cosine, sine) = BoxMuller.CosineAndSine(second);
        low = Vector512.FusedMultiplyAdd(radius * cosine, low, low);
        high = Vector512.FusedMultiplyAdd(radius * sine, high, high);
    }
}
