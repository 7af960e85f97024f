using Microsoft.ML;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Tests.Entropy.Analytic;

/// <summary>
/// Closed forms against other routes: determinants written out, and the entropy of samples that went through the noise itself.
/// </summary>
[TestClass]
public class AnalyticEntropyChangeTests
{
    static readonly MLContext s_ml = new(seed: 1);
    static readonly JointCovariance s_covariance = new(
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
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(1.0)]
    [DataRow(2.5)]
    public void Gaussian_noise_on_two_coordinates_equals_the_determinants_written_out(double variance)
    {
        static double Signal(double v) => (2 + v) * (1 + v) - 0.25;
        static double Joint(double v) => Signal(v) - 0.8 * (0.8 * (1 + v) - 0.5 * 0.3) + 0.3 * (0.8 * 0.5 - 0.3 * (2 + v));
        var change = new GaussianNoise(Math.Sqrt(variance)).EntropyChange(s_covariance);

        var paper = Math.Log(Joint(0) / Joint(variance)) / 2;
        Assert.AreEqual(paper, change.Paper!.Value, 1e-9 * Math.Abs(paper));
        var conditional = Math.Log(Joint(0) / Signal(0) / (Joint(variance) / Signal(variance))) / 2;
        Assert.AreEqual(conditional, change.Conditional!.Value, 1e-9 * Math.Abs(conditional));
        Assert.AreEqual(change.Conditional, change.PaperDataLevel);
    }

    /// <summary>The entropy of Gaussian samples is read off their own covariance; 40 batches give the standard error.</summary>
    [TestMethod]
    public void Closed_forms_equal_the_entropy_change_of_samples_that_the_kernel_changed()
    {
        foreach (
            var noise in (NoiseDefinition[])
                [
                    new GaussianNoise(0.7),
                    new GaussianNoise(0.2, 3),
                    new CircularShiftNoise(0.3, MixAxis.Tokens),
                    new OptimalMixingNoise(MixAxis.Tokens),
                ]
        )
        {
            var (paper, conditional) = (new List<double>(), new List<double>());
            for (var batch = 0; batch < 40; batch++)
            {
                var (before, after) = Samples(noise, 2000, batch);
                paper.Add((LogDeterminant(before, 3) - LogDeterminant(after, 3)) / 2);
                conditional.Add(paper[^1] - (LogDeterminant(before, 2) - LogDeterminant(after, 2)) / 2);
            }
            var expected = noise.EntropyChange(s_covariance);
            AssertWithin(expected.Paper!.Value, paper, noise.Name);
            AssertWithin(expected.Conditional!.Value, conditional, noise.Name);
        }

        static void AssertWithin(double expected, List<double> estimates, string noise)
        {
            var mean = estimates.Average();
            var error = Math.Sqrt(estimates.Average(x => (x - mean) * (x - mean)) / (estimates.Count - 1));
            Assert.IsTrue(
                Math.Abs(mean - expected) <= 4 * error + 1e-6,
                $"{noise}: {mean} of samples, standard error {error}; {expected} in closed form"
            );
        }
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.3)]
    public void The_entropy_of_the_salt_and_pepper_mask_equals_that_of_the_masks_drawn(double probability)
    {
        const int Count = 300_000;
        var row = Enumerable
            .Range(0, Count)
            .Select(i =>
                i == 0 ? 1f
                : i == 1 ? -1f
                : 0f
            )
            .ToArray();
        var noisy = Rows.Apply(new SaltAndPepperNoise(probability), [Count], row)[2..];

        var (salt, pepper) = (noisy.Count(x => x == 1) / (Count - 2.0), noisy.Count(x => x == -1) / (Count - 2.0));
        var mask = -salt * Math.Log(salt) - pepper * Math.Log(pepper) - (1 - salt - pepper) * Math.Log(1 - salt - pepper);
        // To first order the plug-in entropy has the deviation of -log p over the draws.
        var values = new[] { (probability / 2, 2.0), (1 - probability, 1.0) };
        var mean = values.Sum(v => -v.Item2 * v.Item1 * Math.Log(v.Item1));
        var deviation = Math.Sqrt(values.Sum(v => v.Item2 * v.Item1 * Math.Pow(-Math.Log(v.Item1) - mean, 2)) / Count);
        Assert.AreEqual(new SaltAndPepperNoise(probability).MaskEntropy, mask, 4 * deviation);
    }

    [TestMethod]
    public void A_determinant_that_underflows_is_no_reason_to_refuse_a_harmless_mixing()
    {
        var change = new CircularShiftNoise(0.3).EntropyChange(5001);
        Assert.AreEqual(0, Math.Exp(-change.Paper!.Value));
        Assert.AreEqual(-5001 * Math.Log(0.7), change.Paper.Value, 1e-6);
        Assert.ThrowsExactly<InvalidOperationException>(() => new CircularShiftNoise(0.5).EntropyChange(2));
    }

    [TestMethod]
    public void A_shift_by_one_whole_row_changes_nothing_in_either_bookkeeping()
    {
        var change = new CircularShiftNoise(1, MixAxis.Tokens).EntropyChange(s_covariance);
        Assert.AreEqual(0, change.Paper!.Value, 1e-12);
        Assert.AreEqual(0, change.Conditional!.Value, 1e-12);
    }

    [TestMethod]
    public void Optimal_mixing_over_two_of_the_given_coordinates_is_log_3_for_the_paper_and_nothing_for_the_label()
    {
        var change = new OptimalMixingNoise(MixAxis.Channels).EntropyChange(s_covariance);
        Assert.AreEqual(Math.Log(3), change.Paper!.Value, 1e-9 * Math.Log(3));
        Assert.AreEqual(0, change.Conditional!.Value, 1e-12);
        StringAssert.Contains(change.Verdict, "contracts volume, adds no label information");
    }

    [TestMethod]
    public void On_a_column_Gaussian_noise_has_the_closed_form_of_the_estimated_covariance()
    {
        var view = Clusters(300);
        var change = s_ml.Entropy.Change(new GaussianNoise(0.5), view, "Features", "Class");
        var expected = new GaussianNoise(0.5).EntropyChange(s_ml.Entropy.Covariance(view, "Features", "Class").Covariance);

        Assert.AreEqual(expected.Paper, change.Change.Paper);
        Assert.AreEqual(expected.Conditional, change.Change.Conditional);
        Assert.IsTrue(change.Change.Paper < 0 && change.Change.Conditional < 0);
        Assert.IsNull(change.After);
        Assert.AreEqual("nats per row", change.Change.Unit);
        StringAssert.Contains(change.Change.Verdict, "removes label information");
    }

    [TestMethod]
    public void On_a_column_a_mixing_counts_every_feature_that_it_mixes_and_a_batch_as_a_whole()
    {
        var view = Clusters(300); // 2 tokens of 3 channels
        var tokens = s_ml.Entropy.Change(new OptimalMixingNoise(MixAxis.Tokens), view, "Features", "Class").Change;
        Assert.AreEqual(3 * Math.Log(3), tokens.Paper!.Value, 1e-9);
        Assert.AreEqual(0, tokens.Conditional);
        var channels = s_ml.Entropy.Change(new OptimalMixingNoise(MixAxis.Channels), view, "Features", "Class").Change;
        Assert.AreEqual(2 * 2 * Math.Log(4), channels.Paper!.Value, 1e-9);
        var batch = s_ml.Entropy.Change(new OptimalMixingNoise(MixAxis.Batch), view, "Features", "Class", batchSize: 8).Change;
        Assert.AreEqual(6 * 7 * Math.Log(9), batch.Paper!.Value, 1e-9);
        Assert.AreEqual("nats per batch of 8 rows", batch.Unit);
    }

    [TestMethod]
    public void On_a_column_a_family_without_closed_form_is_put_on_the_rows()
    {
        var view = Clusters(600);
        var change = s_ml.Entropy.Change(new SaltAndPepperNoise(0.4), view, "Features", "Class");

        Assert.IsTrue(change.Change.IsGaussianApproximation);
        Assert.IsTrue(change.Change.Conditional < -0.1, $"{change.Change.Conditional}");
        Assert.AreEqual(change.Before.Shrinkage, change.After!.Shrinkage);
        StringAssert.Contains(change.Change.Verdict, "approximation");
    }

    [TestMethod]
    public void A_mixing_that_the_column_cannot_take_is_refused()
    {
        var view = Clusters(20);
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            s_ml.Entropy.Change(new CircularShiftNoise(0.5, MixAxis.Tokens), view, "Features", "Class")
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            s_ml.Entropy.Change(new CircularShiftNoise(0.3, MixAxis.SpatialRows), view, "Features", "Class")
        );
    }

    /// <summary>Two classes, 2 apart in each of six features of deviation 1.</summary>
    static IDataView Clusters(int count)
    {
        var random = new Random(1);
        return LabelledVectors.View(
            s_ml,
            Enumerable
                .Range(0, count)
                .Select(row => new LabelledVectors
                {
                    Features = [.. Enumerable.Range(0, 6).Select(_ => (float)(LabelledVectors.Normal(random) + row % 2 * 2))],
                    Class = row % 2 == 0 ? "even" : "odd",
                })
                .ToList(),
            2,
            3
        );
    }

    /// <summary>
    /// Draws (Z, Y) of the covariance above by its Cholesky factor, and puts the noise on Z as two tokens of one channel.
    /// </summary>
    static (double[][] Before, double[][] After) Samples(NoiseDefinition noise, int count, int seed)
    {
        var random = new Random(seed);
        var (a, b, c) = (Math.Sqrt(2), 0.5 / Math.Sqrt(2), 0.8 / Math.Sqrt(2));
        var d = Math.Sqrt(1 - b * b);
        var e = (0.3 - b * c) / d;
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var ((u, v), w) = (LabelledVectors.Normals(random), LabelledVectors.Normal(random));
            rows[i] = [a * u, b * u + d * v, c * u + e * v + Math.Sqrt(1 - c * c - e * e) * w];
        }
        var noisy = Rows.Apply(
            noise,
            [2, 1],
            [.. rows.SelectMany(row => new[] { (float)row[0], (float)row[1] })],
            seed: (ulong)seed + 1000
        );
        return (rows, [.. rows.Select((row, i) => (double[])[noisy[2 * i], noisy[2 * i + 1], row[2]])]);
    }

    /// <summary>log det of the sample covariance of the first coordinates, by elimination.</summary>
    static double LogDeterminant(double[][] rows, int size)
    {
        var mean = Enumerable.Range(0, size).Select(i => rows.Average(row => row[i])).ToArray();
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                matrix[i, j] = rows.Average(row => (row[i] - mean[i]) * (row[j] - mean[j]));
        }
        var sum = 0.0;
        for (var k = 0; k < size; k++)
        {
            sum += Math.Log(matrix[k, k]);
            for (var i = k + 1; i < size; i++)
            {
                for (var j = k + 1; j < size; j++)
                    matrix[i, j] -= matrix[i, k] * matrix[k, j] / matrix[k, k];
            }
        }
        return sum;
    }
}
