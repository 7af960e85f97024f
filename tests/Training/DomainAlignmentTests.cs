using Microsoft.ML;
using NoisyNN.Models.Trainers;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training;

/// <summary>The maximum mean discrepancy that makes the features of two domains alike.</summary>
[TestClass]
public sealed class DomainAlignmentTests
{
    [TestMethod]
    public void The_discrepancy_of_two_pairs_of_numbers_is_that_of_a_hand_computation()
    {
        using var scope = NewDisposeScope();
        double[] first = [0, 1],
            second = [2, 4];

        var discrepancy = MeanDiscrepancy.Squared(tensor(first).reshape(2, 1), tensor(second).reshape(2, 1)).item<double>();

        double[] all = [.. first, .. second];
        var scale = all.SelectMany(x => all.Select(y => (x - y) * (x - y))).Average();
        double Kernel(double x, double y) => new[] { 0.25, 0.5, 1, 2, 4 }.Sum(width => Math.Exp(-(x - y) * (x - y) / (width * scale)));
        double Mean(double[] left, double[] right) => left.SelectMany(x => right.Select(y => Kernel(x, y))).Average();
        Assert.AreEqual(Mean(first, first) + Mean(second, second) - 2 * Mean(first, second), discrepancy, 1e-10);
    }

    [TestMethod]
    public void Equal_samples_have_no_discrepancy_and_a_shift_has_one_that_a_gradient_lowers()
    {
        using var scope = NewDisposeScope();
        var rows = arange(0, 40, dtype: ScalarType.Float32).reshape(20, 2).sin();
        var shifted = (rows + 1).requires_grad_();

        Assert.AreEqual(0, MeanDiscrepancy.Squared(rows, rows.clone()).item<float>(), 1e-5);
        var discrepancy = MeanDiscrepancy.Squared(rows, shifted);
        Assert.IsGreaterThan(0.1f, discrepancy.item<float>());
        discrepancy.backward();
        // The rows are too far to the right, so that the penalty grows with each of their coordinates on average.
        Assert.IsGreaterThan(0, shifted.grad!.sum().item<float>());
    }
}
