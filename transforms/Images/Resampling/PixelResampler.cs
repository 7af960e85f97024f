using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>
/// Resizes stored pixels of one value or of four (red, green, blue and one that is ignored) into a target: rows first, then columns.
/// </summary>
/// <remarks>
/// Sums are in single precision and in a fixed order for all vector widths, so every machine gives the same bytes. The resampler reuses
/// its buffers. Only one thread may use it at a time.
/// </remarks>
sealed class PixelResampler
{
    // The number of bytes whose sum fits into 16 bits.
    const int MostRowsOfSum = 257;

    // 1.5 * 2^23. A float of this size has no bits for fractions. So a sum with it rounds to the nearest integer, and halves to the even
    // one.
    const float RoundingOffset = 12_582_912;

    ResamplingTap[] _columns = [],
        _rows = [];
    float[] _line = [];

    /// <param name="pixels">Rows of width times lanes bytes, without gaps.</param>
    /// <param name="lanes">Values of a pixel, 1 or 4.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="gridWidth">The width in pixels; a scaled JPEG ends within its last column.</param>
    /// <param name="gridHeight">The height in pixels.</param>
    /// <param name="newWidth">Width of the result in pixels, before it is turned.</param>
    /// <param name="newHeight">Height of the result in pixels, before it is turned.</param>
    /// <param name="target">Receives the result.</param>
    public void Resize(
        ReadOnlySpan<byte> pixels,
        int lanes,
        int width,
        int height,
        double gridWidth,
        double gridHeight,
        int newWidth,
        int newHeight,
        in PixelTarget target
    )
    {
        var columns = Grow(ref _columns, newWidth);
        var rows = Grow(ref _rows, newHeight);
        ResamplingTap.Fill(columns, gridWidth, width);
        ResamplingTap.Fill(rows, gridHeight, height);
        var line = Grow(ref _line, width * lanes);
        for (var y = 0; y < newHeight; y++)
        {
            AverageRows(pixels, rows[y], line);
            if (lanes == 4)
                AverageColours(line, columns, target, y);
            else
                AverageGreys(line, columns, target, y);
        }
    }

    static Span<T> Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length];
        return buffer.AsSpan(0, length);
    }

    static void AverageRows(ReadOnlySpan<byte> pixels, in ResamplingTap tap, Span<float> line)
    {
        var stride = line.Length;
        // The span begins at the first row.
        var source = pixels[(tap.First * stride)..];
        var (x, last) = (0, tap.Last - tap.First);
        ref var start = ref MemoryMarshal.GetReference(source);
        ref var target = ref MemoryMarshal.GetReference(line);
        var lanes = (nuint)Vector<float>.Count;
        for (; x <= stride - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            var place = (nuint)x;
            Widen(Vector.LoadUnsafe(ref start, place), out var first, out var second, out var third, out var fourth);
            (first, second, third, fourth) = (
                first * tap.FirstWeight,
                second * tap.FirstWeight,
                third * tap.FirstWeight,
                fourth * tap.FirstWeight
            );
            for (var row = 1; row < last; )
            {
                var (low, high) = (Vector<ushort>.Zero, Vector<ushort>.Zero);
                for (var end = Math.Min(row + MostRowsOfSum, last); row < end; row++)
                {
                    Vector.Widen(Vector.LoadUnsafe(ref start, place + (nuint)(row * stride)), out var lower, out var higher);
                    (low, high) = (low + lower, high + higher);
                }
                Widen(low, out var a, out var b);
                Widen(high, out var c, out var d);
                (first, second) = (first + a * tap.MiddleWeight, second + b * tap.MiddleWeight);
                (third, fourth) = (third + c * tap.MiddleWeight, fourth + d * tap.MiddleWeight);
            }
            if (last > 0)
            {
                Widen(Vector.LoadUnsafe(ref start, place + (nuint)(last * stride)), out var a, out var b, out var c, out var d);
                (first, second) = (first + a * tap.LastWeight, second + b * tap.LastWeight);
                (third, fourth) = (third + c * tap.LastWeight, fourth + d * tap.LastWeight);
            }
            first.StoreUnsafe(ref target, place);
            second.StoreUnsafe(ref target, place + lanes);
            third.StoreUnsafe(ref target, place + 2 * lanes);
            fourth.StoreUnsafe(ref target, place + 3 * lanes);
        }
        for (; x < stride; x++)
        {
            var value = source[x] * tap.FirstWeight;
            for (var row = 1; row < last; )
            {
                var sum = 0;
                for (var end = Math.Min(row + MostRowsOfSum, last); row < end; row++)
                    sum += source[row * stride + x];
                value += sum * tap.MiddleWeight;
            }
            if (last > 0)
                value += source[last * stride + x] * tap.LastWeight;
            line[x] = value;
        }
    }

    static void AverageColours(ReadOnlySpan<float> line, ReadOnlySpan<ResamplingTap> columns, in PixelTarget target, int y)
    {
        ref var start = ref MemoryMarshal.GetReference(line);
        var (place, step) = (target.StartOfRow(y), target.StepRight);
        // One span for each channel, so that indices are checked against its length only.
        var red = target.Pixels;
        var green = red[target.ChannelStep..];
        var blue = green[target.ChannelStep..];
        foreach (ref readonly var tap in columns)
        {
            var sum = Load(ref start, tap.First) * tap.FirstWeight;
            if (tap.Last > tap.First)
            {
                var middle = Vector128<float>.Zero;
                for (var x = tap.First + 1; x < tap.Last; x++)
                    middle += Load(ref start, x);
                sum += middle * tap.MiddleWeight;
                sum += Load(ref start, tap.Last) * tap.LastWeight;
            }
            // The weights add up to 1 up to rounding, so no sum is far outside 0 to 255. Adding this constant leaves the nearest integer
            // in the lowest bits.
            var rounded = (sum + Vector128.Create(RoundingOffset)).AsByte();
            red[place] = rounded[0];
            green[place] = rounded[4];
            blue[place] = rounded[8];
            place += step;
        }

        static Vector128<float> Load(ref float start, int pixel) => Vector128.LoadUnsafe(ref start, (nuint)(4 * pixel));
    }

    static void AverageGreys(ReadOnlySpan<float> line, ReadOnlySpan<ResamplingTap> columns, in PixelTarget target, int y)
    {
        var (place, step) = (target.StartOfRow(y), target.StepRight);
        var pixels = target.Pixels;
        foreach (ref readonly var tap in columns)
        {
            var sum = line[tap.First] * tap.FirstWeight;
            if (tap.Last > tap.First)
            {
                var middle = 0f;
                foreach (var value in line[(tap.First + 1)..tap.Last])
                    middle += value;
                sum += middle * tap.MiddleWeight;
                sum += line[tap.Last] * tap.LastWeight;
            }
            var rounded = (byte)MathF.Round(Math.Clamp(sum, 0, 255));
            for (var channel = 0; channel < target.Channels; channel++)
                pixels[place + channel * target.ChannelStep] = rounded;
            place += step;
        }
    }

    static void Widen(
        Vector<byte> bytes,
        out Vector<float> first,
        out Vector<float> second,
        out Vector<float> third,
        out Vector<float> fourth
    )
    {
        Vector.Widen(bytes, out var low, out var high);
        Widen(low, out first, out second);
        Widen(high, out third, out fourth);
    }

    static void Widen(Vector<ushort> values, out Vector<float> low, out Vector<float> high)
    {
        Vector.Widen(values, out var lower, out var higher);
        // The conversion uses signed integers, which convert in one instruction on every processor.
        (low, high) = (Vector.ConvertToSingle(Vector.AsVectorInt32(lower)), Vector.ConvertToSingle(Vector.AsVectorInt32(higher)));
    }
}
