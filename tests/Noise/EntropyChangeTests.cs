using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Tests.Noise;

/// <summary>Closed forms of NoisyNN (arXiv 2309.10625) and of the conditional bookkeeping, in nats.</summary>
[TestClass]
public class EntropyChangeTests
{
    static readonly JointCovariance Covariance = new(
        new[,]
        {
            { 2, 0.5 },
            { 0.5, 1 },
        },
        new[,]
        {
            { 0.8 },
            { 0.3 },
        },
        new[,]
        {
            { 1.0 },
        }
    );

    [TestMethod]
    [DataRow(1, 0.0, 1e-12)]
    [DataRow(2, 1.098612289, 5e-10)]
    [DataRow(3, 2.772588722, 5e-10)]
    [DataRow(4, 4.828313737302, 5e-13)]
    [DataRow(5, 7.167037877, 5e-10)]
    [DataRow(8, 15.380572041, 5e-10)]
    [DataRow(10, 21.581057455, 5e-10)]
    [DataRow(16, 42.498200, 5e-7)]
    [DataRow(32, 108.391734, 5e-7)]
    [DataRow(64, 262.986398, 5e-7)]
    [DataRow(128, 617.196175, 5e-7)]
    public void Optimal_mixing_of_k_rows_changes_the_papers_entropy_by_k_minus_1_times_log_k_plus_1(
        int size,
        double expected,
        double tolerance
    )
    {
        var change = new OptimalMixingNoise(MixAxis.Batch).EntropyChange(size);
        Assert.AreEqual(expected, change.Paper!.Value, tolerance);
        Assert.AreEqual(0, change.Conditional);
        Assert.AreEqual(0, change.PaperDataLevel);
        Assert.AreEqual(size, change.Size);
    }

    [TestMethod]
    [DataRow(0.3, 3, 0.994252)]
    [DataRow(0.3, 4, 1.461018)]
    [DataRow(0.3, 5, 1.769020)]
    [DataRow(0.3, 8, 2.854538)]
    [DataRow(0.3, 10, 3.566959)]
    [DataRow(0.1, 4, 0.421594)]
    [DataRow(0.4, 4, 2.263364)]
    [DataRow(0.6, 4, 2.263364)]
    [DataRow(0.5, 3, 1.386294)]
    [DataRow(0.5, 5, 2.772589)]
    [DataRow(1.0, 4, 0.0)]
    [DataRow(1.0, 7, 0.0)]
    public void Circular_shift_changes_the_papers_entropy_by_the_log_determinant(double strength, int size, double expected)
    {
        var noise = new CircularShiftNoise(strength);
        var change = noise.EntropyChange(size);
        Assert.AreEqual(expected, change.Paper!.Value, 5e-7);
        Assert.AreEqual(-Math.Log(Math.Abs(Math.Pow(1 - strength, size) - Math.Pow(-strength, size))), change.Paper.Value, 1e-9);
        Assert.AreEqual(0, change.Conditional);
    }

    [TestMethod]
    public void Circular_shift_of_one_half_over_an_even_size_has_no_entropy_change() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => new CircularShiftNoise(0.5).EntropyChange(4));

    [TestMethod]
    public void Optimal_mixing_of_four_is_a_fifth_of_the_identity_plus_ones()
    {
        var matrix = new OptimalMixingNoise(MixAxis.Tokens).ToMatrix(4);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
                Assert.AreEqual(i == j ? 0.4 : 0.2, matrix[i, j], 1e-15);
        }
    }

    [TestMethod]
    [DataRow(0.1, -0.0922280147, -0.0106829172)]
    [DataRow(0.5, -0.3905242374, -0.0439506471)]
    [DataRow(1.0, -0.6668253138, -0.0720332804)]
    public void Gaussian_noise_of_a_given_variance_on_a_given_covariance(double variance, double paper, double conditional)
    {
        var change = new GaussianNoise(Math.Sqrt(variance)).EntropyChange(Covariance);
        Assert.AreEqual(paper, change.Paper!.Value, 5e-11);
        Assert.AreEqual(conditional, change.Conditional!.Value, 5e-11);
    }

    [TestMethod]
    public void Optimal_mixing_of_the_same_covariance_is_positive_for_the_paper_and_nothing_for_the_labels()
    {
        var change = new OptimalMixingNoise(MixAxis.Channels).EntropyChange(Covariance);
        Assert.AreEqual(1.0986122887, change.Paper!.Value, 5e-11);
        Assert.AreEqual(0, change.Conditional!.Value, 1e-12);
    }

    [TestMethod]
    [DataRow(0.01, 0.0629330062)]
    [DataRow(0.05, 0.2331726024)]
    [DataRow(0.1, 0.3943976914)]
    [DataRow(0.2, 0.6390318597)]
    [DataRow(0.3, 0.8188084562)]
    [DataRow(0.5, 1.0397207708)]
    public void Salt_and_pepper_lowers_the_papers_entropy_by_the_masks(double probability, double entropy)
    {
        var noise = new SaltAndPepperNoise(probability);
        Assert.AreEqual(entropy, noise.MaskEntropy, 5e-11);
        Assert.AreEqual(-entropy, noise.EntropyChange(1).Paper!.Value, 5e-11);
        Assert.IsNull(noise.EntropyChange(1).Conditional);
    }

    [TestMethod]
    public void The_papers_sign_of_salt_and_pepper_is_not_told_as_a_fact()
    {
        StringAssert.Contains(
            new SaltAndPepperNoise(0.1).EntropyChange(1).Verdict,
            "harmful noise by its formula, which is no fact: it adds the entropy of the mask as if overwritten values survived"
        );
        // A uniform pixel of 8 bits at p = 0.13: two values with (1-p)/256 + p/2, the others with (1-p)/256.
        var (rare, extreme) = (0.87 / 256, 0.87 / 256 + 0.065);
        Assert.AreEqual(5.274, -254 * rare * Math.Log(rare) - 2 * extreme * Math.Log(extreme), 0.001);
    }

    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(1.0, 0.6931471806)]
    public void A_mask_that_is_certain_keeps_only_the_choice_between_salt_and_pepper(double probability, double entropy) =>
        Assert.AreEqual(entropy, new SaltAndPepperNoise(probability).MaskEntropy, 5e-11);

    [TestMethod]
    public void What_the_noise_alone_does_not_determine_has_no_figure()
    {
        Assert.IsNull(new GaussianNoise(1).EntropyChange(4).Paper);
        Assert.AreEqual(0, new GaussianNoise(0).EntropyChange(4).Paper);
        Assert.ThrowsExactly<NotSupportedException>(() => new SaltAndPepperNoise(0.1).EntropyChange(Covariance));
    }

    [TestMethod]
    public void A_covariance_must_fit_be_symmetric_and_positive_definite()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new JointCovariance(new double[2, 2], new double[1, 1], new double[1, 1]));
        var indefinite = Assert.ThrowsExactly<ArgumentException>(() =>
            new JointCovariance(
                new[,]
                {
                    { 1.0, 2 },
                    { 2, 1 },
                },
                new double[2, 1],
                new[,]
                {
                    { 1.0 },
                }
            )
        );
        StringAssert.Contains(indefinite.Message, "not positive definite");
        var skewed = Assert.ThrowsExactly<ArgumentException>(() =>
            new JointCovariance(
                new[,]
                {
                    { 1.0, 0.2 },
                    { 0.1, 1 },
                },
                new double[2, 1],
                new[,]
                {
                    { 1.0 },
                }
            )
        );
        StringAssert.Contains(skewed.Message, "symmetric");
        Assert.ThrowsExactly<ArgumentException>(() =>
            new JointCovariance(
                new[,]
                {
                    { double.NaN },
                },
                new double[1, 1],
                new[,]
                {
                    { 1.0 },
                }
            )
        );
    }

    [TestMethod]
    public void A_change_of_nothing_is_zero_without_a_sign()
    {
        foreach (
            var change in new[]
            {
                new CircularShiftNoise(1).EntropyChange(4),
                new CircularShiftNoise(0).EntropyChange(4),
                new OptimalMixingNoise(MixAxis.Tokens).EntropyChange(1),
            }
        )
            Assert.AreEqual("0", change.Paper!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void A_size_below_one_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new GaussianNoise(1).EntropyChange(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CircularShiftNoise().EntropyChange(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalMixingNoise(MixAxis.Tokens).EntropyChange(0));
    }
}
