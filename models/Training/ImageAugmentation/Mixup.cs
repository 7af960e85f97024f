using System.Numerics.Tensors;
using NoisyNN.Models.Randomness;

namespace NoisyNN.Models.Training.ImageAugmentation;

/// <summary>
/// Mixup (Zhang et al., arXiv 1710.09412): row i of a step is mixed with row n-1-i, in one share for all, which is as random as any pairing
/// since the rows are shuffled. The targets are mixed in the loss.
/// </summary>
static class Mixup
{
    /// <summary>
    /// A share from Beta(α, α), by Jöhnk's method (1964): one share of two powers of uniform numbers, accepted where they add up to at most
    /// 1.
    /// </summary>
    public static double Share(double alpha, RandomStream random)
    {
        while (true)
        {
            // In logarithms, as the powers of a small α underflow.
            var (first, second) = (Math.Log(random.NextDouble()) / alpha, Math.Log(random.NextDouble()) / alpha);
            var largest = Math.Max(first, second);
            var logOfSum = largest + Math.Log(Math.Exp(first - largest) + Math.Exp(second - largest));
            if (logOfSum <= 0)
                return Math.Exp(first - logOfSum);
        }
    }

    /// <summary>x_i becomes share · x_i + (1 - share) · x_(n-1-i), in place.</summary>
    /// <param name="rows">Rows one after the other.</param>
    /// <param name="rowLength">Values in a row.</param>
    /// <param name="scratch">Room for a row.</param>
    /// <param name="share">From 0 to 1.</param>
    public static void Mix(Span<float> rows, int rowLength, Span<float> scratch, float share)
    {
        scratch = scratch[..rowLength];
        for (var (first, second) = (0, rows.Length / rowLength - 1); first < second; first++, second--)
        {
            var one = rows.Slice(first * rowLength, rowLength);
            var other = rows.Slice(second * rowLength, rowLength);
            TensorPrimitives.Subtract(one, other, scratch);
            TensorPrimitives.MultiplyAdd(scratch, share - 1, one, one);
            TensorPrimitives.MultiplyAdd(scratch, 1 - share, other, other);
        }
    }
}
