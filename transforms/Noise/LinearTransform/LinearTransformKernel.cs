using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise;

/// <summary>Finds the mixed axis in the memory of a row or of a block of rows, and mixes along it in place.</summary>
internal sealed class LinearTransformKernel : NoiseKernel
{
    private readonly LinearTransformNoise _noise;
    private readonly int _size;
    private readonly int _inner;

    public LinearTransformKernel(LinearTransformNoise noise, ReadOnlySpan<int> dimensions)
        : base(dimensions)
    {
        _noise = noise;
        if (noise.Axis is MixAxis.Batch)
            return;
        (_size, _inner) = Locate(noise, dimensions);
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
        var slab = _size * _inner;
        for (var start = 0; start < block.Length; start += slab)
            _noise.Mix(block.Slice(start, slab), _size, _inner);
    }

    /// <summary>How many rows are mixed, and how many floats each of them has in one piece.</summary>
    private static (int Size, int Inner) Locate(LinearTransformNoise noise, ReadOnlySpan<int> dimensions)
    {
        var axis = noise.Axis;
        if (dimensions is [var depth, var height, var width] && axis is MixAxis.SpatialRows or MixAxis.Channels)
            return axis is MixAxis.SpatialRows ? (height, width) : (depth, height * width);
        if (dimensions is [var tokens, var channels] && axis is MixAxis.Tokens or MixAxis.Channels)
            return axis is MixAxis.Tokens ? (tokens, channels) : (channels, 1);
        throw new ArgumentOutOfRangeException(nameof(dimensions),
            $"{noise.Name} noise mixes the axis {axis}, which a row of shape [{string.Join(", ", dimensions.ToArray())}] lacks: " +
            "SpatialRows wants [channels, height, width], Tokens [tokens, channels], Channels either of them; Batch suits any shape.");
    }
}
