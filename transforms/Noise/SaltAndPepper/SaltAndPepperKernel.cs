using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise;

/// <summary>Compares one random word per element with p/2 from below (salt) and from above (pepper).</summary>
internal readonly struct SaltAndPepperKernel : IElementNoise<SaltAndPepperKernel>
{
    private readonly uint _threshold;
    private readonly bool _searches;
    private readonly float _salt;
    private readonly float _pepper;

    public SaltAndPepperKernel(double probability, ValueRange? extremes)
        : this((uint)Math.Round(probability / 2 * 4294967296.0), (float)(extremes?.High ?? 0), (float)(extremes?.Low ?? 0)) => _searches = extremes is null;

    private SaltAndPepperKernel(uint threshold, float salt, float pepper) => (_threshold, _salt, _pepper) = (threshold, salt, pepper);

    public SaltAndPepperKernel ForRow(ReadOnlySpan<float> row)
    {
        if (!_searches)
            return this;
        var (least, greatest) = SmallestAndLargest(row);
        return new(_threshold, greatest, least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second)
    {
        low = Replace(low, first);
        high = Replace(high, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Replace(Vector512<float> values, Vector512<uint> words)
    {
        var threshold = Vector512.Create(_threshold);
        var salted = Vector512.ConditionalSelect(Vector512.LessThan(words, threshold).AsSingle(), Vector512.Create(_salt), values);
        return Vector512.ConditionalSelect(Vector512.LessThan(~words, threshold).AsSingle(), Vector512.Create(_pepper), salted);
    }

    private static (float Least, float Greatest) SmallestAndLargest(ReadOnlySpan<float> row)
    {
        var (least, greatest) = (row[0], row[0]);
        if (row.Length >= Vector512<float>.Count)
        {
            var (low, high) = (Vector512.Create(row), Vector512.Create(row));
            for (; row.Length >= Vector512<float>.Count; row = row[Vector512<float>.Count..])
            {
                var values = Vector512.Create(row);
                low = Vector512.MinNative(low, values);
                high = Vector512.MaxNative(high, values);
            }
            var low256 = Vector256.MinNative(low.GetLower(), low.GetUpper());
            var high256 = Vector256.MaxNative(high.GetLower(), high.GetUpper());
            for (var lane = 0; lane < Vector256<float>.Count; lane++)
                (least, greatest) = (Math.Min(least, low256[lane]), Math.Max(greatest, high256[lane]));
        }
        foreach (var value in row)
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        return (least, greatest);
    }
}
