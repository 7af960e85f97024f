using Microsoft.ML.Data;

namespace NoisyNN.Models.Randomness;

/// <summary>
/// Random numbers as pure functions of (seed, purpose, index), by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The numbers of an epoch
/// or a step do not depend on earlier ones, so a resumed training restores no generator, on any device.
/// </summary>
struct RandomStream(ulong state)
{
    // One constant per purpose keeps the streams of equal indices apart.
    public const ulong Weights = 1;
    public const ulong Order = 2;
    public const ulong InputNoise = 3;
    public const ulong Step = 4;
    public const ulong Augmentation = 5;
    public const ulong Mixup = 6;
    public const ulong Folds = 7;
    public const ulong Target = 8;
    public const ulong Views = 9;

    const int BitsOfStep = 40;

    const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    ulong _state = state;

    public static RandomStream Create(int seed, ulong purpose, long index) =>
        new(Mix(Mix(Mix((ulong)seed + GoldenGamma) ^ purpose) ^ (ulong)index));

    /// <summary>The stream of one row under a key that changes with the epoch.</summary>
    public static RandomStream Create(ulong key, DataViewRowId row) => new(Mix(Mix(Mix(key + GoldenGamma) ^ row.Low) ^ row.High));

    /// <summary>One non-negative number, as a seed for another generator.</summary>
    public static long Derive(int seed, ulong purpose, long index) => (long)(Create(seed, purpose, index).Next() >> 1);

    public ulong Next() => Mix(_state += GoldenGamma);

    /// <summary>The seed of the noise inside a network in one of the parts that a step is computed in, counted from 0.</summary>
    public static long OfPart(int seed, long step, int part) => Derive(seed, Step, step | (long)part << BitsOfStep);

    /// <summary>Uniform in (0, 1), 53 bits.</summary>
    public double NextDouble() => ((Next() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>An integer in 0..bound-1, all equally likely (Lemire, arXiv 1805.10941).</summary>
    public int Next(int bound)
    {
        while (true)
        {
            var high = Math.BigMul(Next(), (ulong)bound, out var low);
            if (low >= (ulong)bound || low >= (0 - (ulong)bound) % (ulong)bound)
                return (int)high;
        }
    }

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
