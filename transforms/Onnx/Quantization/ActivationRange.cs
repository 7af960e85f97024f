using System.Runtime.InteropServices;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx.Quantization;

/// <summary>
/// A sample of fixed size of the values that a tensor takes on calibration rows, and the eight-bit grid for them. The grid omits the
/// outermost values, because one outlier would make it coarse for all others.
/// </summary>
sealed class ActivationRange
{
    const int SampleSize = 1 << 17;
    const double Tail = 5e-5;

    readonly float[] _sample = new float[SampleSize];
    readonly Random _random = new(1);
    long _seen;

    public void Add(ReadOnlySpan<float> values)
    {
        // Reservoir sampling (Vitter 1985, algorithm R): every value seen so far is in the sample with the same chance.
        foreach (var value in values)
        {
            var slot = _seen < SampleSize ? _seen : _random.NextInt64(_seen + 1);
            if (slot < SampleSize)
                _sample[slot] = value;
            _seen++;
        }
    }

    /// <summary>Scale and zero point of an unsigned byte, as scalar initialisers under this name.</summary>
    /// <exception cref="InvalidDataException">The tensor took a value that is not finite.</exception>
    public (TensorProto Scale, TensorProto ZeroPoint) Grid(string name)
    {
        var sample = _sample.AsSpan(0, (int)Math.Min(_seen, SampleSize)).ToArray();
        Array.Sort(sample);
        if (sample.Length == 0 || !float.IsFinite(sample[0]) || !float.IsFinite(sample[^1]))
            throw new InvalidDataException(
                $"The tensor '{name}' is not finite on the calibration rows. Calibrate on other rows, or quantise without calibration."
            );

        var outermost = (int)(sample.Length * Tail);
        // Zero is on the grid, so padding and rectified values stay exact.
        var (low, high) = (Math.Min(0, sample[outermost]), Math.Max(0, sample[^(outermost + 1)]));
        var scale = high > low ? (high - low) / 255 : 1;
        var zeroPoint = (byte)Math.Clamp(MathF.Round(-low / scale), 0, 255);
        return (
            QuantizedMatrix.Tensor($"{name}/scale", DataType.Float, MemoryMarshal.AsBytes<float>([scale])),
            QuantizedMatrix.Tensor($"{name}/zero_point", DataType.Uint8, [zeroPoint])
        );
    }
}
