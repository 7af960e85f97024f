using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise.SaltAndPepper;

/// <summary>
/// Compares sixteen random bits per element with p/2 from below (salt) and from above (pepper), 128 elements at a time. If the bits equal
/// those of p/2 (one element in 32,768), sixteen more bits decide. So p has a resolution of 32 bits at half the cost.
/// </summary>
sealed class SaltAndPepperKernel(SaltAndPepperNoise noise, ReadOnlySpan<int> dimensions) : NoiseKernel(dimensions)
{
    const int BlockLength = 2 * RowStream.BlockLength;
    const uint Upper = 0xFFFF0000;
    const uint Step = 0x00010000;

    readonly Thresholds _thresholds = new((uint)Math.Round(noise.Probability / 2 * 4294967296.0));
    readonly Extremes? _extremes = noise.Extremes is { } given ? new((float)given.Low, (float)given.High) : null;

    private protected override void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        if (rows.IsEmpty)
            return;
        var extremes = _extremes ?? Extremes.Of(block[..RowLength]);
        for (var row = 0; row < rows.Length; row++)
        {
            // The next row's extremes are searched while this row is computed. The search waits for memory, the computation for the
            // processor.
            var next = _extremes is null && row + 1 < rows.Length ? block.Slice((row + 1) * RowLength, RowLength) : default;
            extremes = ApplyRow(block.Slice(row * RowLength, RowLength), extremes, next, new RowStream(seed, rows[row]));
        }
    }

    /// <summary>Returns the extremes of the next row, or those of this row if it is the last.</summary>
    Extremes ApplyRow(Span<float> row, Extremes extremes, ReadOnlySpan<float> next, in RowStream stream)
    {
        var searches = !next.IsEmpty;
        var (least, greatest) = (Vector512.Create(float.PositiveInfinity), Vector512.Create(float.NegativeInfinity));
        var block = 0u;
        for (; row.Length >= BlockLength; row = row[BlockLength..])
        {
            ApplyBlock(ref MemoryMarshal.GetReference(row), _thresholds, extremes, stream, block++);
            if (!searches)
                continue;
            for (var start = 0; start < BlockLength; start += Vector512<float>.Count)
                Extremes.Widen(ref least, ref greatest, ref Unsafe.Add(ref MemoryMarshal.GetReference(next), start));
            next = next[BlockLength..];
        }
        if (!row.IsEmpty)
        {
            // The last block is computed whole on a copy: an element's noise cannot depend on where the row ends.
            Span<float> padded = stackalloc float[BlockLength];
            row.CopyTo(padded);
            ApplyBlock(ref MemoryMarshal.GetReference(padded), _thresholds, extremes, stream, block);
            padded[..row.Length].CopyTo(row);
        }
        return searches ? Extremes.Of(least, greatest, next) : extremes;
    }

    /// <summary>
    /// The upper halves of the first words decide on the first sixteen elements, the lower halves on the next sixteen; the other words
    /// likewise.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ApplyBlock(ref float start, Thresholds thresholds, Extremes extremes, in RowStream stream, uint block)
    {
        stream.Draw(block, out var words);
        var nearest = Vector512.Min(
            Vector512.Min(
                Replace(ref start, words.First, thresholds, extremes),
                Replace(ref Unsafe.Add(ref start, 32), words.Second, thresholds, extremes)
            ),
            Vector512.Min(
                Replace(ref Unsafe.Add(ref start, 64), words.Third, thresholds, extremes),
                Replace(ref Unsafe.Add(ref start, 96), words.Fourth, thresholds, extremes)
            )
        );
        if (Vector512.LessThanOrEqualAny(nearest, Vector512.Create(Step)))
            Resolve(MemoryMarshal.CreateSpan(ref start, BlockLength), thresholds, extremes, stream, block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<uint> Replace(ref float start, Vector512<uint> words, Thresholds thresholds, Extremes extremes) =>
        Vector512.Min(
            ReplaceHalf(ref start, words & Vector512.Create(Upper), thresholds, extremes),
            ReplaceHalf(ref Unsafe.Add(ref start, 16), words << 16, thresholds, extremes)
        );

    /// <summary>
    /// Decides sixteen elements by the upper halves of words. If an element needs more bits, its result is at most one step.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<uint> ReplaceHalf(ref float start, Vector512<uint> bits, Thresholds thresholds, Extremes extremes)
    {
        var (salt, pepper) = (Vector512.Create(thresholds.Salt), Vector512.Create(thresholds.Pepper));
        var values = Vector512.LoadUnsafe(ref start);
        values = Vector512.ConditionalSelect(Vector512.LessThan(bits, salt).AsSingle(), Vector512.Create(extremes.High), values);
        values = Vector512.ConditionalSelect(Vector512.GreaterThan(bits, pepper).AsSingle(), Vector512.Create(extremes.Low), values);
        values.StoreUnsafe(ref start);
        // The two thresholds are complements. The difference from salt is 0 at one threshold. At the other it is all ones, and adding one
        // step makes it 0.
        return (bits ^ salt) + Vector512.Create(Step);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Resolve(Span<float> values, Thresholds thresholds, Extremes extremes, in RowStream stream, uint block)
    {
        if (thresholds.Rest == 0)
            return;
        stream.Draw(block, out var words);
        ReadOnlySpan<Vector512<uint>> vectors = [words.First, words.Second, words.Third, words.Fourth];
        for (var element = 0; element < BlockLength; element++)
        {
            var word = vectors[element / 32][element % 16];
            var bits = element % 32 < 16 ? word & Upper : word << 16;
            if (bits != thresholds.Salt && bits != thresholds.Pepper)
                continue;
            // The words above came from the counter of attempt 0.
            if (stream.Uniforms(block * BlockLength + (uint)element, attempt: 1).First * 65536 < thresholds.Rest)
                values[element] = bits == thresholds.Salt ? extremes.High : extremes.Low;
        }
    }

    /// <summary>
    /// p/2 in units of 2⁻³². The parts are its upper half (where salt ends), the same from above (where pepper begins), and its lower
    /// half.
    /// </summary>
    readonly struct Thresholds(uint half)
    {
        public uint Salt { get; } = half & Upper;

        public uint Pepper { get; } = Upper - (half & Upper);

        public uint Rest { get; } = half & ~Upper;
    }
}
