using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise;

/// <summary>The random words of one row: those of element e are a pure function of (seed, row id, e).</summary>
/// <remarks>
/// The row's stream is named by <c>Philox(counter: row id, key: seed)</c>, a bijection of the id: no two rows of a seed share a stream.
/// The name's first two words are the stream's key, its last two the upper half of the counter, whose lower half counts within the row.
/// Elements come in blocks of 32, each drawn from eight counters. Words 0 and 1 of the counters, in their order, are the block's sixteen first words,
/// words 2 and 3 the sixteen second words; a family says which of them its elements use.
/// </remarks>
internal readonly struct RowStream
{
    /// <summary>Elements that one call of <see cref="Draw"/> serves.</summary>
    public const int BlockLength = 32;

    private const int CountersPerBlock = 8;

    private readonly Vector512<uint> _key0;
    private readonly Vector512<uint> _key1;
    private readonly Vector512<ulong> _counter2;
    private readonly Vector512<ulong> _counter3;

    public RowStream(ulong seed, DataViewRowId row)
    {
        var name = Philox4x32.Generate(
            new((uint)row.Low, (uint)(row.Low >> 32), (uint)row.High, (uint)(row.High >> 32)), (uint)seed, (uint)(seed >> 32));
        _key0 = Lanes(name.Word0);
        _key1 = Lanes(name.Word1);
        _counter2 = Lanes(name.Word2).AsUInt64();
        _counter3 = Lanes(name.Word3).AsUInt64();
    }

    /// <summary>Sixteen first words and the sixteen second words that go with them.</summary>
    /// <remarks>
    /// Each 64-bit lane computes one counter. Only the low halves count: a product's low half is what the next round takes as it is,
    /// and the high halves, left unmasked, fall out at the next multiplication.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Draw(uint block, out Vector512<uint> first, out Vector512<uint> second)
    {
        var multiplier0 = Lanes(Philox4x32.Multiplier0);
        var multiplier1 = Lanes(Philox4x32.Multiplier1);
        var (key0, key1) = (_key0, _key1);
        var word0 = Vector512.Create((ulong)block * CountersPerBlock) + Vector512<ulong>.Indices;
        var word1 = Vector512<ulong>.Zero;
        var (word2, word3) = (_counter2, _counter3);
        for (var round = 0; round < Philox4x32.Rounds; round++)
        {
            var product0 = Multiply(word0, multiplier0);
            var product1 = Multiply(word2, multiplier1);
            word0 = (product1 >>> 32) ^ word1 ^ key0.AsUInt64();
            word2 = (product0 >>> 32) ^ word3 ^ key1.AsUInt64();
            word1 = product1;
            word3 = product0;
            key0 += Lanes(Philox4x32.KeyStep0);
            key1 += Lanes(Philox4x32.KeyStep1);
        }
        var low = Vector512.Create((ulong)uint.MaxValue);
        first = ((word0 & low) | (word1 << 32)).AsUInt32();
        second = ((word2 & low) | (word3 << 32)).AsUInt32();
    }

    /// <summary>
    /// Two uniform numbers in (0, 1) of one element, for families that need more than one word or cannot say how many: each attempt has a counter of its own.
    /// </summary>
    public (double First, double Second) Uniforms(uint element, uint attempt)
    {
        var words = Philox4x32.Generate(
            new(element, attempt, (uint)_counter2[0], (uint)_counter3[0]), _key0[0], _key1[0]);
        return (Uniform(words.Word0, words.Word1), Uniform(words.Word2, words.Word3));
    }

    private static double Uniform(uint low, uint high) => (((ulong)high << 32 | low) >> 12) * (1.0 / (1L << 52)) + 0.5 / (1L << 52);

    /// <summary>A 32-bit value in the low half of every 64-bit lane.</summary>
    private static Vector512<uint> Lanes(uint value) => Vector512.Create((ulong)value).AsUInt32();

    /// <summary>64-bit products of the low halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<ulong> left, Vector512<uint> right)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Multiply(left.AsUInt32(), right);
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(left.GetLower().AsUInt32(), right.GetLower()),
                Avx2.Multiply(left.GetUpper().AsUInt32(), right.GetUpper()));
        }
        return (left & Vector512.Create((ulong)uint.MaxValue)) * right.AsUInt64();
    }
}
