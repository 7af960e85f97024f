using NoisyNN.Pipelines.Evaluation.Classes;

namespace NoisyNN.Tests.Evaluation.Classes;

[TestClass]
public sealed class CalibrationTests
{
    static readonly string[] s_labels = ["a", "b"];

    /// <summary>Rows that say "a" with one probability, so many of them right.</summary>
    static Predictions Sure(float probability, int right, int wrong) =>
        new(
            s_labels,
            [.. Enumerable.Repeat((float[])[probability, 1 - probability], right + wrong).SelectMany(row => row)],
            [.. Enumerable.Repeat(0, right), .. Enumerable.Repeat(1, wrong)]
        );

    [TestMethod]
    public void The_calibration_error_is_the_distance_of_confidence_and_accuracy()
    {
        var calibration = Calibration.Of(Sure(0.9f, right: 3, wrong: 1));

        Assert.AreEqual(0.9 - 0.75, calibration.ExpectedError, 1e-6);
        Assert.AreEqual(-(3 * Math.Log(0.9) + Math.Log(0.1)) / 4, calibration.LogLoss, 1e-6);
        Assert.AreEqual((3 * 2 * 0.01 + 2 * 0.81) / 4, calibration.Brier, 1e-6);
        Assert.HasCount(1, calibration.Bins);
        Assert.AreEqual(4, calibration.Bins[0].Rows);
    }

    [TestMethod]
    public void Bins_are_weighted_by_their_rows()
    {
        // 10 rows at 0.95 of which 9 are right, and 2 at 0.55 of which none is: (10 x 0.05 + 2 x 0.55) / 12.
        float[] probabilities =
        [
            .. Enumerable.Repeat((float[])[0.95f, 0.05f], 10).SelectMany(row => row),
            .. Enumerable.Repeat((float[])[0.55f, 0.45f], 2).SelectMany(row => row),
        ];
        var calibration = Calibration.Of(new Predictions(s_labels, probabilities, [.. Enumerable.Repeat(0, 9), 1, 1, 1]));

        Assert.AreEqual((10 * 0.05 + 2 * 0.55) / 12, calibration.ExpectedError, 1e-6);
        CollectionAssert.AreEqual(new long[] { 2, 10 }, calibration.Bins.Select(bin => bin.Rows).ToArray());
    }

    [TestMethod]
    public void A_confidence_at_the_end_of_a_bin_belongs_to_it()
    {
        var calibration = Calibration.Of(Sure(1f, right: 2, wrong: 0));

        Assert.AreEqual(1.0, calibration.Bins[0].High);
        Assert.AreEqual(0.0, calibration.ExpectedError);
    }

    [TestMethod]
    public void The_temperature_makes_confidence_equal_to_accuracy()
    {
        // ln(0.9 / 0.1) / T = ln(0.75 / 0.25), so T = ln 9 / ln 3 = 2.
        var validation = Sure(0.9f, right: 30, wrong: 10);

        Assert.AreEqual(2, TemperatureScaling.Fit(validation), 1e-4);
        Assert.AreEqual(0, Calibration.Of(validation, temperature: 2).ExpectedError, 1e-6);
    }

    [TestMethod]
    public void A_network_that_is_not_sure_enough_gets_a_temperature_below_one()
    {
        // ln(0.75 / 0.25) / T = ln(0.9 / 0.1), so T = 0.5.
        Assert.AreEqual(0.5, TemperatureScaling.Fit(Sure(0.75f, right: 36, wrong: 4)), 1e-4);
    }

    [TestMethod]
    public void A_network_that_is_always_right_ends_at_the_least_temperature()
    {
        Assert.AreEqual(0.05, TemperatureScaling.Fit(Sure(0.8f, right: 10, wrong: 0)), 1e-3);
    }

    [TestMethod]
    public void Probabilities_of_zero_do_not_break_the_fit()
    {
        var predictions = new Predictions(["a", "b", "c"], [1, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 1]);

        Assert.IsTrue(double.IsFinite(TemperatureScaling.Fit(predictions)));
        Assert.IsTrue(double.IsFinite(Calibration.Of(predictions).LogLoss));
    }
}
