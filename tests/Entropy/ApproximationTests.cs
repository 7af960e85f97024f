using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Approximation;

namespace NoisyNN.Tests.Entropy;

[TestClass]
public class ApproximationTests
{
    [TestMethod]
    [DataRow("clusters")]
    [DataRow("manifold")]
    [DataRow("noise")]
    [DataRow("near-duplicates")]
    public void The_approximation_is_within_its_bound_of_the_exact_entropy(string kind)
    {
        foreach (var (bandwidth, power) in new[] { (Bandwidth.RootDimension, 1.0), (Bandwidth.MedianDistance, 1.0), (Bandwidth.Of(3), 1.0), (Bandwidth.RootDimension, 2.0), (Bandwidth.Of(3), 1.5) })
        {
            var rows = Clouds.Make(kind, 1000, 48, seed: 3);
            var options = new EntropyOptions { Bandwidth = bandwidth, Power = power };
            var exact = DiffusionEntropy.Measure(rows, options: options);
            var approximate = DiffusionEntropy.Measure(rows, options: options with { IsApproximate = true });

            Console.WriteLine($"{kind} {bandwidth.Rule} {power}: {exact.Dse:F4} {approximate.Dse - exact.Dse:+0.00000;-0.00000} bound {approximate.DseErrorBound:F5}");
            Assert.AreEqual(exact.Dse, approximate.Dse, approximate.DseErrorBound ?? 0);
        }
    }
}
