using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// The spectral entropy of many rows without all eigenvalues. Ritz vectors give the large ones (subspace iteration, Halko, Martinsson and
/// Tropp, SIAM Review 53, 2011). Stochastic Lanczos quadrature with control variates gives the sum over the others (Ubaru, Chen and Saad,
/// SIAM J. Matrix Anal. Appl. 38, 2017).
/// </summary>
/// <remarks>
/// At power 1, Gauss' rule gives too high an entropy, and the rule of Gauss and Radau too low a one. The reason is that the derivatives of
/// λ log λ from the second on have alternating signs. The figure is the middle of the two. Its bound is half of their distance, plus four
/// standard errors over the probes, plus the rounding of float32. Steps are added until the distance is small.
/// </remarks>
static class ApproximateEntropy
{
    /// <summary>Fewer rows than these are measured exactly, which takes no longer.</summary>
    public const int FewestRows = 1000;

    const int Deflated = 64,
        Probes = 16,
        FewestSteps = 4,
        MostSteps = 28;

    /// <summary>
    /// The number of products for the Ritz vectors. At powers other than 1 the entropy depends on the large eigenvalues, which become exact
    /// with more products.
    /// </summary>
    const int Passes = 2,
        PoweredPasses = 8;

    /// <summary>
    /// Half of the distance between the two rules, in bits, that ends the steps. It is larger if every product computes the matrix again.
    /// </summary>
    const double HeldTolerance = 0.006,
        TiledTolerance = 0.03;

    /// <summary>At powers other than 1 both rules may err on one side, so their distance is multiplied by this.</summary>
    const double Unordered = 4;

    /// <summary>The rounding of float32 products, in bits.</summary>
    const double Rounding = 2e-4;

    /// <param name="rows">The rows, with one σ.</param>
    /// <param name="power">t, at least 1.</param>
    /// <param name="seed">The seed of the start vectors.</param>
    /// <param name="cancellation">Ends the work between two products.</param>
    public static MeasuredEntropy Of(KernelRows rows, double power, int seed, CancellationToken cancellation = default)
    {
        using var kernel = new KernelOperator(rows);
        return Of(kernel, power, seed, cancellation);
    }

    public static MeasuredEntropy Of(KernelOperator kernel, double power, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (ritz, values, squares) = RitzVectors(kernel, random, power == 1 ? Passes : PoweredPasses, cancellation);

        var starts = Signs(random, kernel.Count, Probes);
        for (var pass = 0; pass < 2; pass++)
            starts = starts.sub(ritz.mm(ritz.T.mm(starts)));
        using var probes = new LanczosProbes(kernel, starts);
        var rest = new Remainder(kernel, values, squares, power);
        var tolerance = kernel.IsHeld ? HeldTolerance : TiledTolerance;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            probes.Step();
            if (probes.Steps < FewestSteps)
                continue;
            var (high, low, error) = rest.Bracket(probes.Rule(isRadau: false), probes.Rule(isRadau: true));
            var half = Math.Abs(high - low) / 2 * (power == 1 ? 1 : Unordered);
            if (half <= tolerance || probes.Steps == MostSteps)
                return new((high + low) / 2, half + 4 * error + Rounding);
        }
    }

    /// <summary>Ritz vectors, their values, and the squared lengths of their products with K.</summary>
    static (Tensor Vectors, double[] Values, double[] Squares) RitzVectors(
        KernelOperator kernel,
        Random random,
        int passes,
        CancellationToken cancellation
    )
    {
        using var scope = NewDisposeScope();
        var basis = linalg.qr(kernel.Multiply(Signs(random, kernel.Count, Deflated))).Q;
        cancellation.ThrowIfCancellationRequested();
        for (var pass = 1; pass < passes; pass++)
        {
            basis = linalg.qr(kernel.Multiply(basis)).Q;
            cancellation.ThrowIfCancellationRequested();
        }
        var product = kernel.Multiply(basis);
        var projected = basis.T.mm(product).to_type(ScalarType.Float64);
        var (values, rotation) = linalg.eigh(projected.add(projected.T).mul(0.5));
        rotation = rotation.to_type(ScalarType.Float32);
        var squares = product.mm(rotation).square().sum(dim: 0).to_type(ScalarType.Float64);
        return (basis.mm(rotation).MoveToOuterDisposeScope(), values.data<double>().ToArray(), squares.data<double>().ToArray());
    }

    static Tensor Signs(Random random, int rows, int columns)
    {
        var bytes = new byte[rows * columns];
        random.NextBytes(bytes);
        return from_array(bytes).reshape(rows, columns).bitwise_and(1).to_type(ScalarType.Float32).mul_(2).sub_(1);
    }

    /// <summary>Combines the Ritz values and the probes' sums.</summary>
    sealed class Remainder(KernelOperator kernel, double[] values, double[] squares, double power)
    {
        public (double High, double Low, double Error) Bracket((double, double)[][] gauss, (double, double)[][] radau)
        {
            var weighted = new ControlVariates(Logarithmic, gauss, Size, Trace, SquaredNorm);
            var powered = new ControlVariates(Powered, gauss, Size, Trace, SquaredNorm);
            var (highest, error) = Entropy(weighted, powered, gauss, values.Sum(Logarithmic), values.Sum(Powered));
            // With a node at 0 the Ritz vectors have one other node, at ‖Kq‖²/λ with the weight λ²/‖Kq‖².
            var moved = values
                .Zip(squares)
                .Where(pair => pair.First > 0)
                .Select(pair => (Node: pair.Second / pair.First, Weight: pair.First * pair.First / pair.Second))
                .ToArray();
            var (lowest, _) = Entropy(
                weighted,
                powered,
                radau,
                moved.Sum(point => point.Weight * Logarithmic(point.Node)),
                moved.Sum(point => point.Weight * Powered(point.Node))
            );
            return (highest, lowest, error);
        }

        double Size => kernel.Count - values.Length;

        double Trace => kernel.Trace - values.Sum();

        double SquaredNorm => kernel.SquaredNorm - squares.Sum();

        /// <summary>log₂ S - t/S Σ λᵗ log₂ λ with S = Σ λᵗ, which is known at powers 1 and 2.</summary>
        (double Entropy, double Error) Entropy(
            ControlVariates weighted,
            ControlVariates powered,
            (double, double)[][] rule,
            double topWeighted,
            double topPowered
        )
        {
            var (sum, error) = weighted.Estimate(rule);
            var (total, totalError) =
                power == 1 ? (kernel.Trace, 0)
                : power == 2 ? (kernel.SquaredNorm, 0)
                : powered.Estimate(rule);
            if (power is not (1 or 2))
                total += topPowered;
            sum += topWeighted;
            var slope = 1 / (total * Math.Log(2)) + power * sum / (total * total);
            return (Math.Log2(total) - power * sum / total, Math.Abs(power * error / total) + Math.Abs(slope * totalError));
        }

        double Logarithmic(double value) => value > 0 ? Powered(value) * Math.Log2(value) : 0;

        double Powered(double value) =>
            value <= 0 ? 0
            : power == 1 ? value
            : Math.Pow(value, power);
    }
}
