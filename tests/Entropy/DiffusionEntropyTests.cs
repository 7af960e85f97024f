using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>Figures of the reference package, in bits, as it prints them to ten digits after the point.</summary>
[TestClass]
public class DiffusionEntropyTests
{
    const double Digits = 5.1e-11;

    [TestMethod]
    [DataRow(10.0, 0.2276678099, 0.0150053995, 0.0007976372)]
    [DataRow(1.0, 1.9417989787, 1.8033793451, 1.6368056108)]
    [DataRow(0.5, 1.9999922547, 1.9999690413, 1.9999303938)]
    public void Spectral_entropy_of_four_rows_at_powers_one_two_and_three(double sigma, double one, double two, double three)
    {
        Assert.AreEqual(one, Dse(A, Sigma(sigma)), Digits);
        Assert.AreEqual(two, Dse(A, Sigma(sigma, 2)), Digits);
        Assert.AreEqual(three, Dse(A, Sigma(sigma, 3)), Digits);
    }

    [TestMethod]
    [DataRow(10.0, 0.0453555623, 0.0000957911, 0.0000001759)]
    [DataRow(1.0, 1.6714271616, 0.3479616734, 0.0600446921)]
    [DataRow(0.5, 3.0141321554, 2.1271929828, 1.3421004655)]
    public void Spectral_entropy_of_twelve_rows_at_powers_one_two_and_three(double sigma, double one, double two, double three)
    {
        Assert.AreEqual(one, Dse(M, Sigma(sigma)), Digits);
        Assert.AreEqual(two, Dse(M, Sigma(sigma, 2)), Digits);
        Assert.AreEqual(three, Dse(M, Sigma(sigma, 3)), Digits);
    }

    [TestMethod]
    [DataRow(10.0, 3.9989553677, 7.1699215435)]
    [DataRow(1.0, 2.9566395028, 7.1343672912)]
    [DataRow(0.5, 2.0374054060, 6.6574988157)]
    public void Entropy_of_the_entries_of_the_random_walk(double sigma, double ofA, double ofM)
    {
        Assert.AreEqual(ofA, Dse(A, Sigma(sigma, mode: EntropyMode.MatrixEntry)), Digits);
        Assert.AreEqual(ofM, Dse(M, Sigma(sigma, mode: EntropyMode.MatrixEntry)), Digits);
    }

    [TestMethod]
    [DataRow(10.0, 0.2257510517, 0.0453409841)]
    [DataRow(1.0, 1.9451204000, 1.6480273215)]
    [DataRow(0.5, 1.9999933518, 2.9923319963)]
    public void Adjacency_entropy_of_Gaussian_affinities(double sigma, double ofA, double ofM)
    {
        Assert.AreEqual(ofA, Dse(A, Sigma(sigma, mode: EntropyMode.Adjacency)), Digits);
        Assert.AreEqual(ofM, Dse(M, Sigma(sigma, mode: EntropyMode.Adjacency)), Digits);
    }

    [TestMethod]
    [DataRow(10.0)]
    [DataRow(1.0)]
    [DataRow(0.5)]
    public void Anisotropic_adjacency_entropy_is_the_spectral_one_at_power_one(double sigma)
    {
        Assert.AreEqual(Dse(A, Sigma(sigma)), Dse(A, Sigma(sigma, 3, EntropyMode.AnisotropicAdjacency)), 1e-13);
        Assert.AreEqual(Dse(M, Sigma(sigma)), Dse(M, Sigma(sigma, 3, EntropyMode.AnisotropicAdjacency)), 1e-13);
    }

    [TestMethod]
    [DataRow(4, 3.1413882747)]
    public void Neighbour_graph_is_not_symmetric_so_its_eigenvalues_are_complex_and_count_by_absolute_value(
        int neighbors,
        double expected
    ) => Assert.AreEqual(expected, Dse(M, new() { Mode = EntropyMode.NeighborAdjacency, Neighbors = neighbors }), Digits);

    [TestMethod]
    [DataRow(2, 1.0, 3.2516291674)]
    [DataRow(3, 1.5, 3.4182958341)]
    [DataRow(5, 2.0, 3.4182958341)]
    public void Classic_Shannon_entropy_of_bins(int bins, double ofA, double ofM)
    {
        Assert.AreEqual(ofA, Dse(A, new() { Mode = EntropyMode.ClassicShannon, Bins = bins }), Digits);
        Assert.AreEqual(ofM, Dse(M, new() { Mode = EntropyMode.ClassicShannon, Bins = bins }), Digits);
    }

    [TestMethod]
    [DataRow(0.5, 0.3224689685)]
    [DataRow(1.0, 0.7153491667)]
    [DataRow(2.0, 0.9867474300)]
    public void Two_points_have_the_entropy_of_one_eigenvalue_in_closed_form(double distance, double expected)
    {
        var affinity = Math.Exp(-distance * distance / 2);
        var second = (1 - affinity) / (1 + affinity);
        double[] shares = [1 / (1 + second), second / (1 + second)];
        var closed = -shares.Sum(share => share * Math.Log2(share));
        var measured = Dse(new([0, 0, 0.6 * distance, 0.8 * distance], 2), Sigma(1));

        Assert.AreEqual(expected, measured, Digits);
        Assert.AreEqual(closed, measured, 1e-13);
    }

    [TestMethod]
    public void Two_points_at_distance_one_have_the_diffusion_matrix_and_four_rows_the_eigenvalues_of_the_reference()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var pair = DiffusionKernel.Symmetric(KernelRows.Prepare(new([0, 1], 1), Sigma(1)), TorchSharp.torch.ScalarType.Float64);
        Assert.AreEqual(0.62245933, pair[0, 0].item<double>(), 5e-9);
        Assert.AreEqual(0.37754067, pair[0, 1].item<double>(), 5e-9);

        var four = DiffusionKernel.Symmetric(KernelRows.Prepare(A, Sigma(1)), TorchSharp.torch.ScalarType.Float64);
        var eigenvalues = TorchSharp.torch.linalg.eigvalsh(four).data<double>().ToArray();
        foreach (var (expected, found) in new[] { 0.4593404924, 0.6601933906, 0.8928170553, 1 }.Zip(eigenvalues))
            Assert.AreEqual(expected, found, Digits);
    }

    [TestMethod]
    public void The_anisotropic_walk_that_the_reference_promises_in_a_comment_would_have_another_entropy()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var symmetric = DiffusionKernel.Symmetric(KernelRows.Prepare(M, Sigma(1)), TorchSharp.torch.ScalarType.Float64);
        var scale = symmetric.sum(1).rsqrt();
        var promised = TorchSharp.torch.linalg.eigvalsh(symmetric.mul(scale.unsqueeze(1)).mul(scale.unsqueeze(0))).data<double>().ToArray();

        Assert.AreEqual(1.682028, SpectralDistribution.Entropy(promised), 5e-7);
        Assert.AreEqual(0.156881, promised[^2], 5e-7);
        Assert.AreEqual(0.152803, TorchSharp.torch.linalg.eigvalsh(symmetric).data<double>().ToArray()[^2], 5e-7);
    }

    [TestMethod]
    public void Figures_of_common_bandwidths_and_scalings()
    {
        Assert.AreEqual(0.6487142864, Dse(M, new() { Bandwidth = Bandwidth.RootDimension }), Digits);
        var median = DiffusionEntropy.Measure(M, options: new() { Bandwidth = Bandwidth.MedianDistance });
        Assert.AreEqual(0.8888194417, median.Sigma!.Value, Digits);
        Assert.AreEqual(1.9092472647, median.Dse, Digits);
        Assert.AreEqual(3.4090272648, Dse(M, Sigma(1) with { Scaling = FeatureScaling.ZScore }), Digits);
        Assert.AreEqual(2.6110433001, Dse(M, Sigma(2) with { Scaling = FeatureScaling.ZScore }), Digits);
    }

    [TestMethod]
    public void Mixing_rows_lowers_the_entropy_although_the_papers_formula_calls_it_an_improvement()
    {
        var optimal = Make(12, 4, (i, j) => (M[i][j] + Enumerable.Range(0, 12).Sum(k => M[k][j])) / 13);
        var shifted = Make(12, 4, (i, j) => 0.7 * M[i][j] + 0.3 * M[(i + 1) % 12][j]);

        Assert.AreEqual(0.0286503105, Dse(optimal, Sigma(1)), Digits);
        Assert.AreEqual(0.0953773661, Dse(optimal, Sigma(0.5)), Digits);
        Assert.AreEqual(1.1984422967, Dse(shifted, Sigma(1)), Digits);
        Assert.AreEqual(2.4908715338, Dse(shifted, Sigma(0.5)), Digits);
    }

    [TestMethod]
    [DataRow(0.1, 0.0453556)]
    [DataRow(10.0, 3.4594316)]
    [DataRow(100.0, 3.4594316)]
    public void Scaling_the_features_is_scaling_the_bandwidth(double scale, double expected)
    {
        var scaled = Make(12, 4, (i, j) => scale * M[i][j]);
        Assert.AreEqual(expected, Dse(scaled, Sigma(1)), 5e-8);
        Assert.AreEqual(Dse(M, Sigma(1 / scale)), Dse(scaled, Sigma(1)), 1e-9);
    }
}
