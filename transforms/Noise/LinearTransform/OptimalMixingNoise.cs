namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// The paper's "optimal quality matrix": I+Q = (I + 11ᵀ)/(k+1). Each row becomes an average of all rows, with a double weight on itself.
/// </summary>
/// <remarks>
/// Its eigenvalues are 1 (once) and 1/(k+1), so the paper's entropy change is (k-1) log(k+1). It is not optimal: aI + (1-a)/k 11ᵀ meets
/// the same constraints, and its change grows without bound as a falls to 0. Over a single row the noise is the identity.
/// </remarks>
/// <param name="Axis">The axis that is mixed.</param>
/// <exception cref="ArgumentOutOfRangeException">An unknown axis.</exception>
public sealed record OptimalMixingNoise(MixAxis Axis) : LinearTransformNoise(Axis)
{
    /// <inheritdoc/>
    public override string Name => "optimal-mixing";

    /// <inheritdoc/>
    public override double ConditionNumber(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return size == 1 ? 1 : size + 1.0;
    }

    /// <inheritdoc/>
    public override double LogAbsDeterminant(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return -(size - 1) * Math.Log(size + 1.0);
    }

    /// <inheritdoc/>
    public override double[,] ToMatrix(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var matrix = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
                matrix[row, column] = (row == column ? 2 : 1) / (size + 1.0);
        }
        return matrix;
    }

    internal override void Mix(Span<float> block, int size, int inner) => OptimalMixingKernel.Mix(block, size, inner);

    private protected override string Description => "Optimal mixing";

    private protected override string Remedy(int size) => $"Mix fewer than {MaximumConditionNumber:0e+0} rows.";
}
