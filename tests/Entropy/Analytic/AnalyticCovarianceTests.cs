using Microsoft.ML;
using NoisyNN.Transforms.Entropy.Analytic;

namespace NoisyNN.Tests.Entropy.Analytic;

[TestClass]
public class AnalyticCovarianceTests
{
    static readonly MLContext s_ml = new(seed: 1);

    /// <summary>Correlated features far from 0, three classes that shift them, and a number that depends on them.</summary>
    static LabelledVectors[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(row =>
                {
                    var (a, b, c) = (LabelledVectors.Normal(random), LabelledVectors.Normal(random), LabelledVectors.Normal(random));
                    return new LabelledVectors
                    {
                        Features = [(float)(1000 + a + row % 3), (float)(-500 + 0.5 * a + 2 * b), (float)(3 * c), (float)(a - b + c)],
                        Class = $"class {row % 3}",
                        Number = (float)(a + 0.1 * b),
                    };
                }),
        ];
    }

    /// <summary>Two passes, term by term.</summary>
    static double[,] Covariance(double[][] rows)
    {
        var width = rows[0].Length;
        var mean = Enumerable.Range(0, width).Select(i => rows.Average(row => row[i])).ToArray();
        var covariance = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
                covariance[i, j] = rows.Average(row => (row[i] - mean[i]) * (row[j] - mean[j]));
        }
        return covariance;
    }

    static void AssertEqual(double[,] expected, double[,] actual, double tolerance)
    {
        Assert.AreEqual(expected.GetLength(0), actual.GetLength(0));
        for (var i = 0; i < expected.GetLength(0); i++)
        {
            for (var j = 0; j < expected.GetLength(1); j++)
                Assert.AreEqual(expected[i, j], actual[i, j], tolerance, $"[{i}, {j}]");
        }
    }

    [TestMethod]
    [DataRow(30)]
    [DataRow(512)]
    [DataRow(1300)]
    public void Without_shrinkage_the_estimate_is_the_covariance_of_the_rows_and_of_all_classes_but_one(int count)
    {
        var rows = Rows(count);
        var estimate = s_ml.Entropy.Covariance(LabelledVectors.View(s_ml, rows, 4), "Features", "Class", shrinkage: 0);

        var expected = Covariance([
            .. rows.Select(row =>
                (double[])[.. row.Features.Select(x => (double)x), row.Class == "class 0" ? 1 : 0, row.Class == "class 1" ? 1 : 0]
            ),
        ]);
        AssertEqual(expected, estimate.Covariance.ToMatrix(), 1e-9);
        Assert.AreEqual(3, estimate.ClassCount);
        Assert.AreEqual(count, estimate.RowCount);
        Assert.AreEqual(4, estimate.Covariance.SignalSize);
        Assert.AreEqual(2, estimate.Covariance.LabelSize);
    }

    [TestMethod]
    public void A_number_is_a_label_as_it_is()
    {
        var rows = Rows(700);
        var estimate = s_ml.Entropy.Covariance(LabelledVectors.View(s_ml, rows, 4), "Features", "Number", shrinkage: 0);

        AssertEqual(
            Covariance([.. rows.Select(row => (double[])[.. row.Features.Select(x => (double)x), row.Number])]),
            estimate.Covariance.ToMatrix(),
            1e-9
        );
        Assert.IsNull(estimate.ClassCount);
    }

    [TestMethod]
    public void Full_shrinkage_leaves_the_mean_variance_of_signal_and_of_label_and_nothing_between_them()
    {
        var rows = Rows(90);
        var view = LabelledVectors.View(s_ml, rows, 4);
        var all = s_ml.Entropy.Covariance(view, "Features", "Number", shrinkage: 0).Covariance.ToMatrix();
        var none = s_ml.Entropy.Covariance(view, "Features", "Number", shrinkage: 1).Covariance.ToMatrix();

        var expected = new double[5, 5];
        for (var i = 0; i < 5; i++)
            expected[i, i] = i < 4 ? (all[0, 0] + all[1, 1] + all[2, 2] + all[3, 3]) / 4 : all[4, 4];
        AssertEqual(expected, none, 1e-9);
    }

    [TestMethod]
    public void The_intensity_is_the_oracle_approximating_one_of_the_scaled_covariance()
    {
        var view = LabelledVectors.View(s_ml, Rows(40), 4);
        var s = s_ml.Entropy.Covariance(view, "Features", "Number", shrinkage: 0).Covariance.ToMatrix();
        var estimate = s_ml.Entropy.Covariance(view, "Features", "Number");

        // The formula of the paper, p = 5 and n = 40, on the blocks in units of their mean variance.
        double Unit(int i) => i < 4 ? (s[0, 0] + s[1, 1] + s[2, 2] + s[3, 3]) / 4 : s[4, 4];
        var squares = Enumerable.Range(0, 25).Sum(i => s[i / 5, i % 5] * s[i / 5, i % 5] / (Unit(i / 5) * Unit(i % 5)));
        var expected = (0.6 * squares + 25) / (40.6 * (squares - 5));
        Assert.AreEqual(expected, estimate.Shrinkage, 1e-12);
        Assert.AreEqual((1 - expected) * s[0, 3], estimate.Covariance.ToMatrix()[0, 3], 1e-9);
    }

    [TestMethod]
    public void The_intensity_falls_as_rows_come_in_and_is_1_for_what_is_already_the_target()
    {
        var few = s_ml.Entropy.Covariance(LabelledVectors.View(s_ml, Rows(12), 4), "Features", "Class").Shrinkage;
        var many = s_ml.Entropy.Covariance(LabelledVectors.View(s_ml, Rows(1200), 4), "Features", "Class").Shrinkage;

        Assert.IsTrue(few < 1 && many < 0.05 * few, $"{few} of 12 rows, {many} of 1200");
        Assert.AreEqual(1, OracleApproximatingShrinkage.Estimate(size: 3, rowCount: 1000, trace: 3, traceOfSquare: 3));
    }

    [TestMethod]
    public void Fewer_rows_than_features_are_singular_without_shrinkage_and_fine_with_it()
    {
        var random = new Random(1);
        var rows = Enumerable
            .Range(0, 10)
            .Select(row => new LabelledVectors
            {
                Features = [.. Enumerable.Range(0, 40).Select(_ => random.NextSingle())],
                Class = $"{row % 2}",
            });
        var view = LabelledVectors.View(s_ml, rows.ToList(), 40);

        var refused = Assert.ThrowsExactly<ArgumentException>(() => s_ml.Entropy.Covariance(view, "Features", "Class", shrinkage: 0));
        StringAssert.Contains(refused.Message, "shrink the estimate");
        Assert.IsTrue(double.IsFinite(s_ml.Entropy.Covariance(view, "Features", "Class").Covariance.LogDeterminant));
    }

    [TestMethod]
    public void A_feature_that_never_changes_is_carried_by_the_shrinkage()
    {
        var rows = Rows(50);
        foreach (var row in rows)
            row.Features[2] = 7;
        Assert.IsTrue(
            double.IsFinite(s_ml.Entropy.Covariance(LabelledVectors.View(s_ml, rows, 4), "Features", "Class").Covariance.LogDeterminant)
        );
    }

    [TestMethod]
    public void Rows_that_tell_nothing_are_refused_with_their_column()
    {
        Refused<InvalidOperationException>("'Class' has one class", Rows(9), row => row.Class = "same");
        Refused<InvalidOperationException>("'Features' is constant", Rows(9), row => row.Features = [1, 2, 3, 4]);
        Refused<InvalidOperationException>("'Features' is NaN at element 1 of row 0", Rows(9), row => row.Features[1] = float.NaN);
        Refused<InvalidOperationException>("'Class' has no class in row 0", Rows(9), row => row.Class = "");
        Refused<InvalidOperationException>("has 1 rows", Rows(1), _ => { });
        Refused<InvalidOperationException>("has 0 rows", [], _ => { });

        void Refused<T>(string words, LabelledVectors[] rows, Action<LabelledVectors> change)
            where T : Exception
        {
            foreach (var row in rows)
                change(row);
            var view = LabelledVectors.View(s_ml, rows, 4);
            StringAssert.Contains(Assert.ThrowsExactly<T>(() => s_ml.Entropy.Covariance(view, "Features", "Class")).Message, words);
        }
    }

    [TestMethod]
    public void A_column_that_is_no_label_a_missing_one_and_an_impossible_shrinkage_are_refused()
    {
        var view = LabelledVectors.View(s_ml, Rows(9), 4);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Entropy.Covariance(view, "Features", "Klass")).Message,
            "'Class'"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Entropy.Covariance(view, "Class", "Class")).Message,
            "known-size Vector<Single>"
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_ml.Entropy.Covariance(view, "Features", "Class", shrinkage: 1.1));
    }
}
