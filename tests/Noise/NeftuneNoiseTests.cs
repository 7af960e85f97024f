using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Neftune;
using NoisyNN.Transforms.Noise.Uniform;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Noise;

/// <summary>NEFTune (Jain et al., arXiv 2310.05914, algorithm 1): uniform noise on [-α/√(Ld), α/√(Ld)].</summary>
[TestClass]
public sealed class NeftuneNoiseTests
{
    [TestMethod]
    public void Its_half_width_is_alpha_over_the_root_of_the_number_of_values()
    {
        // 16 tokens of 4 channels: 5 / √64.
        Assert.AreEqual(new UniformNoise(0.625), new NeftuneNoise(5).ToUniform(64));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NeftuneNoise(5).ToUniform(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NeftuneNoise(-1));
    }

    [TestMethod]
    public void A_column_gets_the_values_of_uniform_noise_of_that_width()
    {
        int[] dimensions = [16, 4];
        var (row, expected) = (new float[64], new float[64]);

        NoiseKernel.Create(new NeftuneNoise(5), dimensions).Apply(row, 1, seed: 3, [default]);
        NoiseKernel.Create(new UniformNoise(0.625), dimensions).Apply(expected, 1, seed: 3, [default]);

        Assert.AreSequenceEqual(expected, row);
        Assert.IsTrue(row.All(value => Math.Abs(value) <= 0.625));
    }

    [TestMethod]
    [DataRow(64)]
    [DataRow(1024)]
    public void A_row_inside_a_network_moves_by_alpha_over_the_root_of_3_whatever_its_length(int length)
    {
        using var scope = NewDisposeScope();
        var noisy = TensorNoise.Apply(new NeftuneNoise(5), zeros(2000, length / 4, 4), hasClassToken: false);

        // The mean of the squared length is α²/3 = 8.333; its standard error over 2,000 rows of 64 values is 0.02.
        Assert.AreEqual(25 / 3.0, noisy.square().sum([1, 2]).mean().item<float>(), 0.12);
        Assert.IsLessThanOrEqualTo(5 / Math.Sqrt(length) + 1e-6, noisy.abs().max().item<float>());
    }
}
