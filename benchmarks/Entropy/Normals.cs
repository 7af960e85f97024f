namespace NoisyNN.Benchmarks.Entropy;

/// <summary>Standard normal values of a seed.</summary>
static class Normals
{
    public static double[] Draw(int count, Random random)
    {
        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return values;
    }
}
