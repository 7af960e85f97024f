using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Noise;

/// <summary>A noise that acts on each element separately, thirty-two at a time.</summary>
interface IElementNoise
{
    /// <summary>Changes thirty-two elements, of which <paramref name="low"/> are the first sixteen.</summary>
    void Perturb(ref Vector512<float> low, ref Vector512<float> high, Vector512<uint> first, Vector512<uint> second);
}

/// <summary>Processes rows in blocks of elements: gives each block its random words, and clips the results.</summary>
/// <typeparam name="TNoise">A struct, so that the loop is compiled for each family with its parameters in registers.</typeparam>
sealed class ElementKernel<TNoise>(TNoise noise, ReadOnlySpan<int> dimensions, ValueRange? clip = null) : NoiseKernel(dimensions)
    where TNoise : struct, IElementNoise
{
    readonly bool _clips = clip is not null;
    readonly float _least = (float)(clip?.Low ?? 0);
    readonly float _greatest = (float)(clip?.High ?? 0);

    private protected override void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        for (var row = 0; row < rows.Length; row++)
            ApplyRow(block.Slice(row * RowLength, RowLength), new RowStream(seed, rows[row]));
    }

    void ApplyRow(Span<float> row, in RowStream stream)
    {
        var block = 0u;
        while (row.Length >= RowStream.BlockLength)
        {
            ApplyBlock(ref MemoryMarshal.GetReference(row), stream, block++);
            row = row[RowStream.BlockLength..];
        }
        if (row.IsEmpty)
            return;
        // The last block is computed whole on a copy: an element's noise cannot depend on where the row ends.
        Span<float> padded = stackalloc float[RowStream.BlockLength];
        row.CopyTo(padded);
        ApplyBlock(ref MemoryMarshal.GetReference(padded), stream, block);
        padded[..row.Length].CopyTo(row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void ApplyBlock(ref float start, in RowStream stream, uint block)
    {
        stream.Draw(block, out var words);
        Perturb(ref start, words.First, words.Second);
        Perturb(ref Unsafe.Add(ref start, 32), words.Third, words.Fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Perturb(ref float start, Vector512<uint> first, Vector512<uint> second)
    {
        var low = Vector512.LoadUnsafe(ref start);
        var high = Vector512.LoadUnsafe(ref start, 16);
        noise.Perturb(ref low, ref high, first, second);
        if (_clips)
        {
            var (least, greatest) = (Vector512.Create(_least), Vector512.Create(_greatest));
            low = Vector512.Min(Vector512.Max(low, least), greatest);
            high = Vector512.Min(Vector512.Max(high, least), greatest);
        }
        low.StoreUnsafe(ref start);
        high.StoreUnsafe(ref start, 16);
    }
}
