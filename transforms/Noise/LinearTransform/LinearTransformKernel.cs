using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>Finds the mixed axis in the memory of a row or of a block of rows, and mixes along it in place.</summary>
sealed class LinearTransformKernel : NoiseKernel
{
    readonly LinearTransformNoise _noise;
    readonly int _size;
    readonly int _inner;

    public LinearTransformKernel(LinearTransformNoise noise, ReadOnlySpan<int> dimensions)
        : base(dimensions)
    {
        _noise = noise;
        if (noise.Axis is MixAxis.Batch)
            return;
        (_size, _inner) = noise.Locate(dimensions)!.Value;
        noise.ThrowIfSingular(_size);
    }

    private protected override void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        if (_noise.Axis is MixAxis.Batch)
        {
            if (rows.Length == 0)
                return;
            _noise.ThrowIfSingular(rows.Length);
            _noise.Mix(block, rows.Length, RowLength);
            return;
        }
        _noise.Mix(block, _size, _inner);
    }
}
