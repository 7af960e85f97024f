namespace NoisyNN.Transforms.Noise.Random;

/// <summary>
/// The counter-based random generator Philox4x32-10, a keyed bijection of 128-bit counters. Any element of any row can be drawn at any
/// time, in any order, on any thread. Source: Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011).
/// </summary>
public static class Philox4x32
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint KeyStep0 = 0x9E3779B9;
    internal const uint KeyStep1 = 0xBB67AE85;

    /// <summary>Four 32-bit words: a counter, or the generator's output for it.</summary>
    public readonly record struct Words(uint Word0, uint Word1, uint Word2, uint Word3);

    /// <summary>The four random words of one counter under one key.</summary>
    /// <param name="counter">128 bits, word 0 the lowest.</param>
    /// <param name="key0">The key's low word.</param>
    /// <param name="key1">The key's high word.</param>
    public static Words Generate(Words counter, uint key0, uint key1)
    {
        var (word0, word1, word2, word3) = counter;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * word0;
            var product1 = (ulong)Multiplier1 * word2;
            word0 = (uint)(product1 >> 32) ^ word1 ^ key0;
            word2 = (uint)(product0 >> 32) ^ word3 ^ key1;
            word1 = (uint)product1;
            word3 = (uint)product0;
            key0 = unchecked(key0 + KeyStep0);
            key1 = unchecked(key1 + KeyStep1);
        }
        return new(word0, word1, word2, word3);
    }
}
