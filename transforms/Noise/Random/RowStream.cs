using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise.Random;

/// <summary>The random words of one row: those of element e are a pure function of (seed, row id, e).</summary>
/// <remarks>
/// The row's stream is named by <c>Philox(counter: row id, key: seed)</c>, a bijection of the id: no two rows of a seed share a stream.
/// The name's first two words are the stream's key, its last two the upper half of the counter, whose lower half counts within the row.
/// A block is drawn from sixteen counters. Words 0 and 1 of the first eight counters, in their order, are its sixteen first words. Words
/// 2 and 3 are its sixteen second words. The other eight counters give the third and the fourth words in the same way. Each family
/// chooses which of them its elements use.
/// </remarks>
readonly struct RowStream
{
    /// <summary>Words that one call of <see cref="Draw"/> makes, one for each element of most families.</summary>
    public const int BlockLength = 64;

    const int CountersPerBlock = 16;

    readonly Vector512<uint> _key0;
    readonly Vector512<uint> _key1;
    readonly Vector512<ulong> _counter2;
    readonly Vector512<ulong> _counter3;

    public RowStream(ulong seed, DataViewRowId row)
    {
        var name = Philox4x32.Generate(
            new((uint)row.Low, (uint)(row.Low >> 32), (uint)row.High, (uint)(row.High >> 32)),
            (uint)seed,
            (uint)(seed >> 32)
        );
        _key0 = Lanes(name.Word0);
        _key1 = Lanes(name.Word1);
        _counter2 = Lanes(name.Word2).AsUInt64();
        _counter3 = Lanes(name.Word3).AsUInt64();
    }

    /// <summary>The words of one block, in four vectors.</summary>
    /// <remarks>
    /// Each 64-bit lane computes one counter. Only the low halves count. The next round uses a product's low half as it is. The high
    /// halves stay unmasked and drop out at the next multiplication. Two vectors of counters run side by side, because a round waits for
    /// the one before.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Draw(uint block, out Words words)
    {
        var multiplier0 = Lanes(Philox4x32.Multiplier0);
        var multiplier1 = Lanes(Philox4x32.Multiplier1);
        var (key0, key1) = (_key0, _key1);
        var counters = Vector512.Create((ulong)block * CountersPerBlock) + Vector512<ulong>.Indices;
        var (low0, high0) = (counters, counters + Vector512.Create(CountersPerBlock / 2ul));
        var (low1, high1) = (Vector512<ulong>.Zero, Vector512<ulong>.Zero);
        var (low2, high2) = (_counter2, _counter2);
        var (low3, high3) = (_counter3, _counter3);
        for (var round = 0; round < Philox4x32.Rounds; round++)
        {
            var lowProduct0 = Multiply(low0, multiplier0);
            var highProduct0 = Multiply(high0, multiplier0);
            var lowProduct1 = Multiply(low2, multiplier1);
            var highProduct1 = Multiply(high2, multiplier1);
            low0 = (lowProduct1 >>> 32) ^ low1 ^ key0.AsUInt64();
            high0 = (highProduct1 >>> 32) ^ high1 ^ key0.AsUInt64();
            low2 = (lowProduct0 >>> 32) ^ low3 ^ key1.AsUInt64();
            high2 = (highProduct0 >>> 32) ^ high3 ^ key1.AsUInt64();
            (low1, high1) = (lowProduct1, highProduct1);
            (low3, high3) = (lowProduct0, highProduct0);
            key0 += Lanes(Philox4x32.KeyStep0);
            key1 += Lanes(Philox4x32.KeyStep1);
        }
        words = new(Pack(low0, low1), Pack(low2, low3), Pack(high0, high1), Pack(high2, high3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<uint> Pack(Vector512<ulong> even, Vector512<ulong> odd) =>
        ((even & Vector512.Create((ulong)uint.MaxValue)) | (odd << 32)).AsUInt32();

    /// <summary>The words of one call.</summary>
    public readonly record struct Words(Vector512<uint> First, Vector512<uint> Second, Vector512<uint> Third, Vector512<uint> Fourth);

    /// <summary>
    /// Two uniform numbers in (0, 1) of one element, for families that need several words, or a random number of them. Each attempt has
    /// its own counter. Attempt 0 has a counter of <see cref="Draw"/>.
    /// </summary>
    public (double First, double Second) Uniforms(uint element, uint attempt)
    {
        var words = Philox4x32.Generate(new(element, attempt, (uint)_counter2[0], (uint)_counter3[0]), _key0[0], _key1[0]);
        return (Uniform(words.Word0, words.Word1), Uniform(words.Word2, words.Word3));
    }

    /// <summary>A uniform number in (0, 1) of 52 bits.</summary>
    public static double Uniform(uint low, uint high) => (((ulong)high << 32 | low) >> 12) * (1.0 / (1L << 52)) + 0.5 / (1L << 52);

    /// <summary>A 32-bit value in the low half of every 64-bit lane.</summary>
    static Vector512<uint> Lanes(uint value) => Vector512.Create((ulong)value).AsUInt32();

    /// <summary>64-bit products of the low halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Multiply(Vector512<ulong> left, Vector512<uint> right)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Multiply(left.AsUInt32(), right);
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(left.GetLower().AsUInt32(), right.GetLower()),
                Avx2.Multiply(left.GetUpper().AsUInt32(), right.GetUpper())
            );
        }
        return (left & Vector512.Create((ulong)uint.MaxValue)) * right.AsUInt64();
    }
}
