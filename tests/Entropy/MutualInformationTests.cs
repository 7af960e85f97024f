using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>
/// Mutual information of M(12, 4) with the labels i mod 3, as the reference package computes it, random subsets included.
/// </summary>
[TestClass]
public class MutualInformationTests
{
    const double Digits = 5.1e-11;

    static readonly RowClasses Labels = RowClasses.Of(Enumerable.Range(0, 12).Select(i => (long)(i % 3)));

    [TestMethod]
    [DataRow(10.0, 1.0, 0.0002938595)]
    [DataRow(10.0, 2.0, 0.0000150916)]
    [DataRow(1.0, 1.0, -0.0195495402)]
    [DataRow(1.0, 2.0, 0.0228412511)]
    [DataRow(0.5, 1.0, -0.0582143207)]
    [DataRow(0.5, 2.0, 0.0142413983)]
    public void Mutual_information_is_the_reference_s_and_may_be_below_zero(double sigma, double power, double expected) =>
        Assert.AreEqual(expected, DiffusionEntropy.Measure(M, Labels, Sigma(sigma, power)).Dsmi!.Value, Digits);

    [TestMethod]
    [DataRow(EntropyMode.ClassicShannon, 0.0666666667)]
    [DataRow(EntropyMode.MatrixEntry, -0.0040051479)]
    [DataRow(EntropyMode.Adjacency, -0.0182240261)]
    [DataRow(EntropyMode.AnisotropicAdjacency, -0.0195495402)]
    public void Other_modes_have_a_mutual_information_too(EntropyMode mode, double expected) =>
        Assert.AreEqual(expected, DiffusionEntropy.Measure(M, Labels, Sigma(1, mode: mode)).Dsmi!.Value, Digits);

    [TestMethod]
    public void The_pieces_are_those_of_the_reference()
    {
        double[] within = [1.2791940725, 0.9764148023, 1.1519568502];
        var report = DiffusionEntropy.Measure(M, Labels, Sigma(1));
        foreach (var (expected, piece) in within.Zip(report.Classes))
        {
            Assert.AreEqual(4, piece.Rows);
            Assert.AreEqual(expected, piece.Entropy, Digits);
            Assert.AreEqual(1.1163057015, piece.Matched, Digits);
        }
        double[] random = [0.9237350931, 0.9456412933, 1.2094820010, 1.1912692109, 1.3114009094];
        var generator = new PythonRandom(0);
        foreach (var expected in random)
            Assert.AreEqual(expected, Dse(M.Select(generator.Sample(12, 4)), Sigma(1)), Digits);
    }
}
