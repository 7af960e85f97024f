using Microsoft.ML;
using NoisyNN.Tests.NoiseColumns.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Tests.NoiseColumns;

/// <summary>One estimator, several columns, each with random numbers of its own.</summary>
[TestClass]
public class SeveralColumnsTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Each_column_gets_the_noise_that_it_would_get_alone()
    {
        var data = Sample.View(_ml, 5);
        var together = Noisy(data, new("Noisy", "Pixels"), new("Tokens"));
        foreach (var (output, input) in new[] { ("Noisy", "Pixels"), ("Tokens", "Tokens") })
        {
            var alone = _ml.Noise.Gaussian(output, 5, input, scope: NoiseScope.Always, seed: 7).Fit(data).Transform(data);
            AssertSame(Vectors.Read(alone, output), Vectors.Read(together, output));
        }
        AssertSame(Vectors.Read(data, "Pixels"), Vectors.Read(together, "Pixels"));
    }

    [TestMethod]
    public void Two_columns_of_one_input_get_different_noise()
    {
        var data = Sample.View(_ml, 3);
        var noisy = Noisy(data, new("A", "Pixels"), new("B", "Pixels"));
        CollectionAssert.AreNotEqual(Vectors.Read(noisy, "A")[0], Vectors.Read(noisy, "B")[0]);
    }

    [TestMethod]
    public void A_new_column_is_made_of_the_input_as_it_was_also_beside_noise_in_place()
    {
        var data = Sample.View(_ml, 3);
        var noisy = Noisy(data, new("Pixels"), new("Copy", "Pixels"));
        var alone = _ml.Noise.Gaussian("Copy", 5, "Pixels", scope: NoiseScope.Always, seed: 7).Fit(data).Transform(data);
        AssertSame(Vectors.Read(alone, "Copy"), Vectors.Read(noisy, "Copy"));
    }

    [TestMethod]
    public void A_column_that_nobody_asks_for_is_not_computed()
    {
        var rows = Sample.Array(3);
        rows[1].Tokens[0] = float.NaN;
        var noisy = Noisy(_ml.Data.LoadFromEnumerable(rows), new("Pixels"), new("Tokens"));
        Assert.HasCount(3, Vectors.Read(noisy, "Pixels"));
        Assert.ThrowsExactly<InvalidOperationException>(() => Vectors.Read(noisy, "Tokens"));
    }

    [TestMethod]
    public void Rows_of_a_batch_are_mixed_in_every_column()
    {
        var data = Sample.View(_ml, 10);
        var mixing = new OptimalMixingNoise(MixAxis.Batch);
        var together = _ml
            .Noise.Add([new("Tokens"), new("Noisy", "Pixels")], mixing, NoiseScope.Always, batchSize: 4)
            .Fit(data)
            .Transform(data);
        foreach (var (output, input) in new[] { ("Noisy", "Pixels"), ("Tokens", "Tokens") })
        {
            var alone = _ml.Noise.Add(output, mixing, input, NoiseScope.Always, batchSize: 4).Fit(data).Transform(data);
            AssertSame(Vectors.Read(alone, output), Vectors.Read(together, output));
        }
    }

    [TestMethod]
    public void Training_noise_on_several_columns_is_saved_as_their_copies()
    {
        var train = Sample.View(_ml, 4);
        var model = _ml.Noise.Add([new("Pixels"), new("Noisy", "Tokens")], new GaussianNoise(5)).Fit(train);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, train.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _).Transform(train);
        AssertSame(Vectors.Read(train, "Pixels"), Vectors.Read(loaded, "Pixels"));
        AssertSame(Vectors.Read(train, "Tokens"), Vectors.Read(loaded, "Noisy"));
    }

    [TestMethod]
    public void Columns_that_contradict_each_other_are_refused_by_name()
    {
        StringAssert.Contains(Refused<ArgumentException>([new("A", "Pixels"), new("A", "Tokens")]), "'A' is made twice");
        StringAssert.Contains(
            Refused<ArgumentException>([new("Pixels", "Tokens"), new("A", "Pixels")]),
            "'Pixels' is made from 'Tokens' and read"
        );
        StringAssert.Contains(Refused<ArgumentException>([]), "at least one pair");
        StringAssert.Contains(Refused<ArgumentException>([null!]), "at least one pair");
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Noise.Add((InputOutputColumnPair[])null!, new GaussianNoise(1)));
    }

    [TestMethod]
    public void The_transformer_says_which_columns_it_makes()
    {
        var model = _ml
            .Noise.Add([new("Noisy", "Pixels"), new("Tokens")], new GaussianNoise(1), rowProbability: 0.5)
            .Fit(Sample.View(_ml, 2));
        CollectionAssert.AreEqual(
            new[] { ("Noisy", "Pixels"), ("Tokens", "Tokens") },
            model.Columns.Select(pair => (pair.OutputColumnName, pair.InputColumnName)).ToArray()
        );
        Assert.AreEqual(0.5, model.RowProbability);
    }

    IDataView Noisy(IDataView data, params InputOutputColumnPair[] columns) =>
        _ml.Noise.Add(columns, new GaussianNoise(5), NoiseScope.Always, seed: 7).Fit(data).Transform(data);

    string Refused<TException>(InputOutputColumnPair[] columns)
        where TException : Exception => Assert.ThrowsExactly<TException>(() => _ml.Noise.Add(columns, new GaussianNoise(1))).Message;

    static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var row = 0; row < expected.Length; row++)
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
    }
}
