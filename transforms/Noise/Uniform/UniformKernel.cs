using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.Uniform;

/// <summary>Takes one word for each element as a signed number from -1 to 1.</summary>
readonly struct UniformKernel(float halfWidth) : IElementNoise
{
    readonly float _scale = halfWidth * (1f / 2147483648f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second)
    {
        var scale = Vector512.Create(_scale);
        low = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(first.AsInt32()), scale, low);
        high = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(second.AsInt32()), scale, high);
    }
}
