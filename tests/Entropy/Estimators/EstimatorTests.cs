using Microsoft.ML;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Estimators;
using NoisyNN.Transforms.Entropy.Planted;

namespace NoisyNN.Tests.Entropy.Estimators;

[TestClass]
public sealed class EstimatorTests
{
    const double BitsPerNat = 1.4426950408889634;

    static readonly double s_threeClasses = Math.Log2(3);

    [TestMethod]
    public void Ross_counts_neighbours_as_by_hand()
    {
        // Each row has its class's other row at distance 1, and no row nearer: ψ(4) + ψ(1) - ψ(2) - ψ(1) = 1/2 + 1/3.
        var rows = PairedRows.Of(new FeatureMatrix([0, 1, 10, 11], 1), RowClasses.Of(["a", "a", "b", "b"]));
        Assert.AreEqual(BitsPerNat * (1.0 / 2 + 1.0 / 3), new NearestNeighborInformation { Neighbors = 1 }.Estimate(rows), 1e-12);
    }

    [TestMethod]
    public void Kraskov_counts_neighbours_as_by_hand()
    {
        // X is Y, so no row is nearer in X than the neighbour: ψ(4) + ψ(1) - 2ψ(1) = 1 + 1/2 + 1/3.
        var rows = PairedRows.Of(new FeatureMatrix([0, 1, 3, 7], 1), new FeatureMatrix([0, 1, 3, 7], 1), classes: 2);
        Assert.AreEqual(BitsPerNat * (1 + 1.0 / 2 + 1.0 / 3), new NearestNeighborInformation { Neighbors = 1 }.Estimate(rows), 1e-12);
    }

    [TestMethod]
    public void Kraskov_finds_the_closed_form_of_two_correlated_numbers()
    {
        var truth = new CorrelatedGaussians { Dimension = 1, Correlation = 0.9 };
        Assert.AreEqual(1.198, truth.Bits, 0.001);
        var mean = Enumerable.Range(1, 5).Average(seed => new NearestNeighborInformation().Estimate(truth.Draw(1000, seed)));
        Assert.AreEqual(truth.Bits, mean, 0.1);
    }

    [TestMethod]
    public void Ross_finds_the_information_of_overlapping_blobs()
    {
        // The capacity of a binary input with Gaussian noise at 0 dB is 0.486 bits.
        var truth = new EqualBlobs
        {
            Dimension = 2,
            Classes = 2,
            Separation = 2,
        };
        Assert.AreEqual(0.486, truth.Bits, 0.003);
        Assert.AreEqual(truth.Bits, new NearestNeighborInformation().Estimate(truth.Draw(1000, seed: 1)), 0.08);
    }

    [TestMethod]
    public void Labels_that_are_all_random_leave_no_information()
    {
        Assert.AreEqual(s_threeClasses, new EqualBlobs().Bits, 1e-9);
        Assert.AreEqual(0, new EqualBlobs { LabelNoise = 1 }.Bits, 1e-9);
    }

    [TestMethod]
    public void Half_of_the_labels_replaced_leaves_what_the_channel_passes()
    {
        // A symmetric channel of 3 symbols that keeps one with 2/3: log2 3 - H(2/3, 1/6, 1/6).
        var lost = -(2.0 / 3 * Math.Log2(2.0 / 3) + 2 * (1.0 / 6 * Math.Log2(1.0 / 6)));
        Assert.AreEqual(s_threeClasses - lost, new EqualBlobs { LabelNoise = 0.5 }.Bits, 1e-6);
    }

    [TestMethod]
    public void Binned_information_is_right_in_one_dimension_and_blind_in_two_hundred()
    {
        var binned = new BinnedInformation { Bins = 4 };
        var labels = Enumerable.Range(0, 400).Select(row => (long)(row % 2)).ToArray();
        var line = new FeatureMatrix([.. labels.Select(label => 10.0 * label)], 1);
        Assert.AreEqual(1, binned.Estimate(PairedRows.Of(line, RowClasses.Of(labels))), 1e-9);

        // Every row has a bin of its own, so that even permuted labels seem to be known.
        var permuted = new EqualBlobs { Dimension = 200 }
            .Draw(300, seed: 1)
            .Permute(seed: 2);
        Assert.AreEqual(s_threeClasses, binned.Estimate(permuted), 0.01);
    }

    [TestMethod]
    public void The_probe_s_bound_holds_on_rows_that_it_was_not_trained_on()
    {
        var probe = new ProbeInformation();
        Assert.AreEqual(s_threeClasses, probe.Estimate(new EqualBlobs().Draw(300, seed: 1)), 0.01);

        // A logistic regression fits 300 random labels in 20 dimensions better than chance, but not those held out.
        var nothing = probe.Estimate(new EqualBlobs { LabelNoise = 1 }.Draw(300, seed: 1));
        Assert.IsLessThan(0.02, nothing);

        var overlapping = new EqualBlobs { Separation = 2 };
        var bound = probe.Estimate(overlapping.Draw(600, seed: 1));
        Assert.IsTrue(bound > 0.5 && bound < overlapping.Bits + 0.06, $"{bound} bits of {overlapping.Bits}");
    }

    [TestMethod]
    public void Three_blobs_have_the_figures_of_the_comparison_in_one_unit()
    {
        // Truth 1.585 bits; MINE, published as 1.068 nats, is 1.541 bits; DSMI is about 1.11 bits.
        var rows = new EqualBlobs().Draw(1000, seed: 1);
        var mine = new MineInformation().Estimate(rows);
        var spectral = new SpectralInformation().Estimate(rows);
        Assert.IsTrue(mine is > 1.35 and < 1.65, $"MINE {mine} bits");
        Assert.AreEqual(1.1, spectral, 0.05);
    }

    [TestMethod]
    public void Contrast_finds_most_of_three_blobs_and_nothing_in_permuted_ones()
    {
        var contrast = new InfoNceInformation { Steps = 300 };
        var rows = new EqualBlobs().Draw(500, seed: 1);
        Assert.AreEqual(s_threeClasses, contrast.Estimate(rows), 0.1);
        Assert.AreEqual(0, contrast.Estimate(rows.Permute(seed: 1)), 0.1);
    }

    [TestMethod]
    public void Estimates_repeat_and_leave_libtorch_s_generator_alone()
    {
        var rows = new EqualBlobs().Draw(200, seed: 1);
        var mine = new MineInformation { Steps = 50 };
        TorchSharp.torch.manual_seed(5);
        var expected = TorchSharp.torch.rand(1).item<float>();
        TorchSharp.torch.manual_seed(5);
        Assert.AreEqual(mine.Estimate(rows, seed: 3), mine.Estimate(rows, seed: 3));
        Assert.AreEqual(expected, TorchSharp.torch.rand(1).item<float>());
    }

    [TestMethod]
    public void A_trial_gives_bias_and_error_beside_the_truth()
    {
        var truth = new EqualBlobs { Dimension = 3 };
        PairedRows[] draws = [truth.Draw(60, seed: 1), truth.Draw(60, seed: 2)];
        var trial = EstimatorTrial.OnTruth(new NearestNeighborInformation(), draws, truth.Bits, seed: 1, CancellationToken.None);
        Assert.AreEqual(trial.Mean - truth.Bits, trial.Bias!.Value, 1e-12);
        Assert.IsGreaterThanOrEqualTo(Math.Abs(trial.Bias.Value), trial.Error!.Value);
        Assert.IsNull(trial.NullMean);
    }

    [TestMethod]
    public void Labels_of_another_number_and_too_few_rows_are_refused()
    {
        var five = new FeatureMatrix([1, 2, 3, 4, 5], 1);
        Assert.Contains("2 labels do not fit 5 rows", Message(() => PairedRows.Of(five, RowClasses.Of(["a", "b"]))));
        var rows = PairedRows.Of(five, RowClasses.Of(["a", "b", "a", "b", "a"]));
        Assert.Contains("give at least 50", Message(() => new MineInformation().Estimate(rows)));
        Assert.Contains("give at least 10", Message(() => new ProbeInformation().Estimate(rows)));
        Assert.Contains("no 5 neighbours", Message(() => new NearestNeighborInformation { Neighbors = 5 }.Estimate(rows)));
        Assert.Contains("need 3 dimensions, not 2", Message(() => new EqualBlobs { Dimension = 2 }.Draw(10, seed: 1)));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    [TestMethod]
    public void A_column_has_the_information_of_its_rows()
    {
        var ml = new MLContext(seed: 1);
        var blobs = new EqualBlobs { Dimension = 3 }.Draw(90, seed: 1);
        var data = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 90).Select(row => new Row { Values = blobs.Features[row].ToArray(), Label = blobs.Classes.Indexes[row] }),
            Row.Schema
        );
        var neighbors = new NearestNeighborInformation();
        Assert.AreEqual(neighbors.Estimate(blobs), ml.Entropy.Information(data, nameof(Row.Values), nameof(Row.Label), neighbors), 1e-12);
    }

    sealed class Row
    {
        public static Microsoft.ML.Data.SchemaDefinition Schema
        {
            get
            {
                var schema = Microsoft.ML.Data.SchemaDefinition.Create(typeof(Row));
                schema[nameof(Values)].ColumnType = new Microsoft.ML.Data.VectorDataViewType(
                    Microsoft.ML.Data.NumberDataViewType.Double,
                    3
                );
                return schema;
            }
        }

        public double[] Values { get; set; } = [];

        public int Label { get; set; }
    }
}
