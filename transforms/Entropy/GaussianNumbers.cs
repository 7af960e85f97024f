namespace NoisyNN.Transforms.Entropy;

/// <summary>Normal numbers from a generator of uniform ones (Box and Muller).</summary>
static class GaussianNumbers
{
    extension(Random random)
    {
        /// <summary>A number from N(0, 1).</summary>
        public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
