using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>
/// 300 rows of whole numbers over 100, of which the reference package 1.1 was asked (Python 3.11, numpy 1.24, scikit-learn 1.2.1).
/// </summary>
[TestClass]
public class LargerSampleTests
{
    static readonly FeatureMatrix Rows = Make(300, 4, (i, j) => (7 * i * i + 3 * j + 5 * i * j) % 101 / 100.0);

    static readonly RowClasses Sevens = RowClasses.Of(Enumerable.Range(0, 300).Select(i => (long)(i % 7)));

    [TestMethod]
    [DataRow(0, 1.0, 3.479600253323)]
    [DataRow(0, 2.0, 1.626525720961)]
    [DataRow(3, 1.0, 3.350709633427)]
    [DataRow(3, 2.0, 1.507941395947)]
    public void More_rows_than_wanted_are_sampled_as_the_reference_samples_them(int seed, double power, double expected)
    {
        var report = DiffusionEntropy.Measure(Rows, options: Sigma(0.5, power) with { MaxRows = 100, Seed = seed });
        Assert.AreEqual(expected, report.Dse, 1e-9 * expected);
        Assert.AreEqual((100, 300), (report.Rows, report.TotalRows));
        Assert.AreEqual($"100 of 300 rows, drawn without replacement with seed {seed}", report.Notes.Single());
    }

    [TestMethod]
    [DataRow(EntropyMode.Spectral, 0, 5, -0.063460236597)]
    [DataRow(EntropyMode.Spectral, 5, 3, -0.059840922036)]
    [DataRow(EntropyMode.Adjacency, 0, 5, -0.062058967653)]
    [DataRow(EntropyMode.ClassicShannon, 0, 5, -0.046427482309)]
    public void Mutual_information_of_seven_classes_of_two_sizes(EntropyMode mode, int seed, int repetitions, double expected) =>
        Assert.AreEqual(
            expected,
            DiffusionEntropy.Measure(Rows, Sevens, Sigma(0.5, mode: mode) with { Seed = seed, Repetitions = repetitions }).Dsmi!.Value,
            1e-9 * Math.Abs(expected)
        );

    [TestMethod]
    public void Neighbour_graphs_of_rows_without_ties()
    {
        var rows = Make(300, 4, (i, j) => Math.Sin(0.7 * i * i + 1.3 * i * j + j));
        var report = DiffusionEntropy.Measure(rows, Sevens, new() { Mode = EntropyMode.NeighborAdjacency });

        // Multiple eigenvalues of a graph that is not symmetric move by a root of the rounding, and that depends on the number of threads.
        Assert.AreEqual(7.053581280475, report.Dse, 1e-5);
        Assert.AreEqual(0.044330895989, report.Dsmi!.Value, 1e-5);
        Assert.IsNull(report.Sigma);
    }

    [TestMethod]
    public void Continuous_labels_are_divided_into_the_bins_of_the_reference()
    {
        var bins = RowClasses.Of(Enumerable.Range(0, 300).Select(i => 13 * i % 97 / 9.7).ToArray());
        var report = DiffusionEntropy.Measure(Rows, bins, Sigma(0.5));

        CollectionAssert.AreEqual(new[] { 32, 31, 28, 30, 28, 31, 31, 27, 31, 31 }, report.Classes.Select(one => one.Rows).ToArray());
        Assert.AreEqual(-0.018857085721, report.Dsmi!.Value, 1e-11);
    }
}
