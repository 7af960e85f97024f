using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>Circular shift: I+Q = (1-α)I + αP. Each row takes a share α of the next row, and the last row takes it of the
/// first.</summary>
/// <remarks>
/// Its eigenvalues are (1-α) + αωʲ over the k-th roots of unity ω, all of which lie on the circle with diameter from 1-2α to 1.
/// So α = 0.5 over an even k is singular. α and 1-α have the same determinant up to its sign. α = 1 only relabels the rows and does not
/// change the entropy.
/// </remarks>
/// <param name="Strength">α, from 0 to 1; the paper's default is 0.3.</param>
/// <param name="Axis">The axis that is mixed.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed record CircularShiftNoise([Range(0.0, 1.0)] double Strength = 0.3, MixAxis Axis = MixAxis.SpatialRows)
    : LinearTransformNoise(Axis)
{
    /// <inheritdoc/>
    public override string Name => "circular-shift";

    /// <summary>α, the share of the next row.</summary>
    public double Strength
    {
        get;
        init => field = Require(value);
    } = Require(Strength);

    /// <inheritdoc/>
    public override double ConditionNumber(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        // |λ|² = (1-2α)² + 4α(1-α) cos²(πj/k): greatest, 1, at j = 0; least at the j nearest to k/2. A sum of squares loses no digits
        // there.
        var cosine = size % 2 == 0 ? 0 : Math.Sin(Math.PI / (2.0 * size));
        return 1 / Math.Sqrt(Math.Pow(1 - 2 * Strength, 2) + 4 * Strength * (1 - Strength) * cosine * cosine);
    }

    /// <inheritdoc/>
    public override double LogAbsDeterminant(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        // |det| = |(1-α)ᵏ - (-α)ᵏ|; with the larger of the two factored out, nothing underflows.
        var (greater, ratio) = (Math.Max(Strength, 1 - Strength), Math.Min(Strength, 1 - Strength) / Math.Max(Strength, 1 - Strength));
        var power = Math.Pow(ratio, size);
        return size * Math.Log(greater) + (size % 2 == 0 ? double.LogP1(-power) : double.LogP1(power));
    }

    /// <inheritdoc/>
    public override double[,] ToMatrix(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var matrix = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            matrix[row, row] += 1 - Strength;
            matrix[row, (row + 1) % size] += Strength;
        }
        return matrix;
    }

    internal override void Mix(Span<float> block, int size, int inner) => CircularShiftKernel.Mix(block, size, inner, (float)Strength);

    private protected override string Description => $"Circular shift of strength {Strength:R}";

    private protected override string Remedy(int size) =>
        // The last batch of a pass may have any number of rows. So the remedy is another strength.
        "Take a strength away from 0.5, such as "
        + $"0.3{(size % 2 == 0 && Axis != MixAxis.Batch ? $", or an odd number of {Mixed} ({size - 1} or {size + 1})" : "")}.";

    static double Require(double value) => Within<CircularShiftNoise>(value, "Give a strength from 0 to 1, such as 0.3.", nameof(Strength));
}
