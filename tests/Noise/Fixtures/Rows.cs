using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Tests.Noise.Fixtures;

/// <summary>Rows with the ids 0, 1, 2, …, and a noise put on them.</summary>
static class Rows
{
    public static DataViewRowId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(row => new DataViewRowId((ulong)row, 0))];

    public static float[] Apply(NoiseDefinition noise, int[] dimensions, float[] rows, ulong seed = 1)
    {
        var kernel = NoiseKernel.Create(noise, dimensions);
        var result = (float[])rows.Clone();
        var count = rows.Length / kernel.RowLength;
        kernel.Apply(result, count, seed, Ids(count));
        return result;
    }

    /// <summary>
    /// The random words of a row in the order in which element noise takes them, from the public generator by its documented rule.
    /// </summary>
    public static (uint[] First, uint[] Second) Words(ulong seed, DataViewRowId row, int blocks)
    {
        var name = Philox4x32.Generate(
            new((uint)row.Low, (uint)(row.Low >> 32), (uint)row.High, (uint)(row.High >> 32)),
            (uint)seed,
            (uint)(seed >> 32)
        );
        var words = Enumerable
            .Range(0, 8 * blocks)
            .Select(counter => Philox4x32.Generate(new((uint)counter, 0, name.Word2, name.Word3), name.Word0, name.Word1))
            .ToArray();
        return ([.. words.SelectMany(w => new[] { w.Word0, w.Word1 })], [.. words.SelectMany(w => new[] { w.Word2, w.Word3 })]);
    }
}
