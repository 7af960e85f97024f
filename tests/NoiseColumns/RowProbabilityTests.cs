using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>Noise on some of the rows: which, the row's id and the seed decide.</summary>
[TestClass]
public class RowProbabilityTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void A_share_of_the_rows_has_the_whole_noise_and_the_others_have_none(double probability)
    {
        var data = new GeneratedView(10_000, 4);
        var (clean, all, some) = (Read(data), Read(Noisy(data, 1)), Read(Noisy(data, probability)));
        var noisy = 0;
        for (var row = 0; row < clean.Length; row++)
        {
            if (some[row].SequenceEqual(clean[row]))
                continue;
            CollectionAssert.AreEqual(all[row], some[row], $"row {row}");
            noisy++;
        }
        var standardError = Math.Sqrt(probability * (1 - probability) / clean.Length);
        Assert.AreEqual(probability, (double)noisy / clean.Length, 4 * standardError);
    }

    [TestMethod]
    public void Probability_0_is_the_identity_and_1_takes_every_row()
    {
        var data = new GeneratedView(200, 4);
        var (clean, none, all) = (Read(data), Read(Noisy(data, 0)), Read(Noisy(data, 1)));
        for (var row = 0; row < clean.Length; row++)
        {
            CollectionAssert.AreEqual(clean[row], none[row]);
            CollectionAssert.AreNotEqual(clean[row], all[row]);
        }
    }

    [TestMethod]
    public void Each_column_and_each_seed_chooses_by_itself()
    {
        // Independent halves: 1/4 of the rows has both. The standard error of a share over 10,000 rows is 0.0043.
        var data = new GeneratedView(10_000, 4);
        var clean = Read(data);
        bool[] Chosen(string output, int seed) =>
            [.. Read(Noisy(data, 0.5, output, seed), output).Zip(clean, (noisy, before) => !noisy.SequenceEqual(before))];

        var first = Chosen("A", 1);
        Assert.AreEqual(0.25, first.Zip(Chosen("B", 1)).Average(pair => pair.First && pair.Second ? 1 : 0), 4 * 0.0043);
        Assert.AreEqual(0.25, first.Zip(Chosen("A", 2)).Average(pair => pair.First && pair.Second ? 1 : 0), 4 * 0.0043);
        CollectionAssert.AreEqual(first, Chosen("A", 1));
    }

    [TestMethod]
    public void The_choice_is_the_same_for_every_noise_so_that_strengths_compare_on_equal_rows()
    {
        var data = new GeneratedView(500, 4);
        var clean = Read(data);
        var (weak, strong) = (Read(Noisy(data, 0.3)), Read(Noisy(data, 0.3, noise: new SaltAndPepperNoise(1))));
        for (var row = 0; row < clean.Length; row++)
            Assert.AreEqual(clean[row].SequenceEqual(weak[row]), clean[row].SequenceEqual(strong[row]), $"row {row}");
    }

    [TestMethod]
    public void The_column_says_so_only_where_a_probability_is_below_1()
    {
        var data = new GeneratedView(2, 4);
        Assert.IsNull(Noisy(data, 1).Schema["Features"].Annotations.Schema.GetColumnOrNull(NoiseAnnotations.RowProbability));
        Assert.AreEqual("0.25", Said(Noisy(data, 0.25)));
        Assert.AreEqual("1, 0.5, 1", Said(Noisy(Noisy(Noisy(data, 1), 0.5), 1)));
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.5)]
    [DataRow(double.NaN)]
    public void A_probability_outside_0_to_1_is_refused(double probability) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Noisy(new GeneratedView(1, 2), probability)).Message,
            "from 0 to 1"
        );

    [TestMethod]
    public void Across_the_batch_there_is_no_choice_of_rows()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Noise.Add("Features", new OptimalMixingNoise(MixAxis.Batch), rowProbability: 0.5)
        );
        StringAssert.Contains(error.Message, "takes every row");
    }

    IDataView Noisy(IDataView data, double probability, string output = "Features", int seed = 7, NoiseDefinition? noise = null) =>
        _ml
            .Noise.Add(output, noise ?? new GaussianNoise(5), "Features", NoiseScope.Always, seed, rowProbability: probability)
            .Fit(data)
            .Transform(data);

    static float[][] Read(IDataView view, string column = "Features") => Vectors.Read(view, column);

    static string Said(IDataView view)
    {
        var text = default(ReadOnlyMemory<char>);
        view.Schema["Features"].Annotations.GetValue(NoiseAnnotations.RowProbability, ref text);
        return text.ToString();
    }
}
