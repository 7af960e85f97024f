using System.Text;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// Linear transform noise with your own quality matrix Q: Z' = (I+Q)Z over exactly k rows of the axis. Q is k by k.
/// </summary>
/// <remarks>
/// An axis of another length is refused. The exception is <see cref="MixAxis.Batch"/>: it mixes groups of k consecutive rows. If the last
/// group is not full, its rows stay as they are. I+Q is checked on construction by its singular values.
/// </remarks>
/// <param name="Q">k rows of k finite numbers, copied; row i has the weights with which row i of the signal takes from each row.</param>
/// <param name="Axis">The axis that is mixed.</param>
/// <exception cref="ArgumentException">
/// Q is empty, not square or not finite, or the condition number of I+Q exceeds <see cref="LinearTransformNoise.MaximumConditionNumber"/>.
/// </exception>
/// <exception cref="ArgumentOutOfRangeException">An unknown axis.</exception>
public sealed record QualityMatrixNoise(IReadOnlyList<IReadOnlyList<double>> Q, MixAxis Axis) : LinearTransformNoise(Axis)
{
    readonly QualityMatrix _matrix = new(Q);

    /// <inheritdoc/>
    public override string Name => "quality-matrix";

    /// <summary>The quality matrix, row by row; read-only.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Q
    {
        get => _matrix.Rows;
        init => _matrix = new(value);
    }

    /// <summary>k, the number of rows that are mixed.</summary>
    public int Size => _matrix.Size;

    /// <summary>The noise of a matrix that is held as an array.</summary>
    /// <param name="q">Q, k by k.</param>
    /// <param name="axis">The axis that is mixed.</param>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public static QualityMatrixNoise Of(double[,] q, MixAxis axis)
    {
        ArgumentNullException.ThrowIfNull(q);
        return new(
            [
                .. Enumerable
                    .Range(0, q.GetLength(0))
                    .Select(row => Enumerable.Range(0, q.GetLength(1)).Select(column => q[row, column]).ToArray()),
            ],
            axis
        );
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A size other than k; across the batch, one below 1.</exception>
    public override double ConditionNumber(int size)
    {
        var (groups, rest) = Groups(size);
        // Full groups have the matrix's singular values. Rows that stay as they are have 1.
        var largest = Math.Max(groups > 0 ? _matrix.LargestSingularValue : 0, rest > 0 ? 1 : 0);
        var smallest = Math.Min(
            groups > 0 ? _matrix.SmallestSingularValue : double.PositiveInfinity,
            rest > 0 ? 1 : double.PositiveInfinity
        );
        return largest / smallest;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A size other than k; across the batch, one below 1.</exception>
    public override double LogAbsDeterminant(int size) => Groups(size).Count * _matrix.LogAbsDeterminant;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A size other than k; across the batch, one below 1.</exception>
    public override double[,] ToMatrix(int size)
    {
        var (groups, _) = Groups(size);
        var (matrix, group) = (new double[size, size], _matrix.Mixing());
        for (var row = 0; row < size; row++)
        {
            if (row >= groups * Size)
                matrix[row, row] = 1;
            for (var column = 0; row < groups * Size && column < Size; column++)
                matrix[row, row / Size * Size + column] = group[row % Size, column];
        }
        return matrix;
    }

    internal override void Mix(Span<float> block, int size, int inner)
    {
        if (inner == 1 && size == Size)
        {
            DenseProduct.MixRows(block, _matrix.Right, Size);
            return;
        }
        for (; block.Length > 0; block = block[(size * inner)..])
        {
            for (var group = block[..(size / Size * Size * inner)]; group.Length > 0; group = group[(Size * inner)..])
                DenseProduct.MixColumns(group[..(Size * inner)], _matrix.Left, Size, inner);
        }
    }

    private protected override string? SizeMisfit(int size) =>
        size == Size ? null : $"Q is {Size} by {Size} and mixes exactly {Size} {Mixed}; there are {size}.";

    private protected override string Description => $"The quality matrix of {Size} by {Size}";

    private protected override string Remedy(int size) => "Shrink Q towards 0.";

    /// <summary>The text contains the matrix, because two noises may differ only there.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}, Axis = {Axis}, Q = {_matrix}");
        return true;
    }

    (int Count, int Remainder) Groups(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (Axis is not MixAxis.Batch && SizeMisfit(size) is { } misfit)
            throw new ArgumentOutOfRangeException(nameof(size), size, misfit);
        return (size / Size, size % Size);
    }
}
