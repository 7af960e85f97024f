using MathNet.Numerics.LinearAlgebra;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>A user's matrix Q, checked and copied, with I+Q in the layouts that kernels need. Equal by value.</summary>
sealed class QualityMatrix : IEquatable<QualityMatrix>
{
    readonly double[][] _rows;

    /// <exception cref="ArgumentException">The matrix is empty, not square or not finite, or I+Q is singular or
    /// ill-conditioned.</exception>
    public QualityMatrix(IReadOnlyList<IReadOnlyList<double>> q)
    {
        ArgumentNullException.ThrowIfNull(q);
        if (q.Count == 0)
            throw new ArgumentException("Q is empty. Give k rows of k numbers.", nameof(q));
        if (q.Select((row, index) => Fault(row, index, q.Count)).FirstOrDefault(fault => fault is not null) is { } fault)
            throw new ArgumentException(fault, nameof(q));
        _rows = [.. q.Select(row => row.ToArray())];
        Rows = Array.AsReadOnly(Array.ConvertAll<double[], IReadOnlyList<double>>(_rows, Array.AsReadOnly));

        var mixing = Mixing();
        var singular = Matrix<double>.Build.DenseOfArray(mixing).Svd(computeVectors: false).S;
        (LargestSingularValue, SmallestSingularValue) = (singular.Maximum(), singular.Minimum());
        // A singular value within rounding of 0 counts as 0. A division by it would give rounding errors only.
        if (SmallestSingularValue <= Size * 1e-16 * LargestSingularValue)
            SmallestSingularValue = 0;
        LogAbsDeterminant = singular.Sum(Math.Log);
        var condition = SmallestSingularValue == 0 ? double.PositiveInfinity : LargestSingularValue / SmallestSingularValue;
        if (!(condition <= LinearTransformNoise.MaximumConditionNumber))
        {
            throw new ArgumentException(
                $"Q of {Size} by {Size} makes I+Q {(SmallestSingularValue == 0 ? "singular" : "ill-conditioned")}: its "
                    + $"condition number is {condition:0.###e+0}, the limit is "
                    + $"{LinearTransformNoise.MaximumConditionNumber:0e+0}. Shrink Q towards 0, at which I+Q is the identity.",
                nameof(q)
            );
        }
        (Left, Right) = (Flat(mixing), DenseProduct.PadColumns(mixing));
    }

    /// <summary>k.</summary>
    public int Size => _rows.Length;

    /// <summary>Q, read-only.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Rows { get; }

    /// <summary>Of I+Q.</summary>
    public double LargestSingularValue { get; }

    /// <summary>Of I+Q.</summary>
    public double SmallestSingularValue { get; }

    /// <summary>log |det(I+Q)| in nats, the sum of the singular values' logarithms.</summary>
    public double LogAbsDeterminant { get; }

    /// <summary>I+Q, row-major, to multiply columns from the left.</summary>
    public float[] Left { get; }

    /// <summary>The transpose of I+Q with rows padded for <see cref="DenseProduct"/>, to multiply rows from the right.</summary>
    public float[] Right { get; }

    /// <summary>I+Q.</summary>
    public double[,] Mixing()
    {
        var mixing = new double[Size, Size];
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
                mixing[row, column] = _rows[row][column] + (row == column ? 1 : 0);
        }
        return mixing;
    }

    public bool Equals(QualityMatrix? other) =>
        other is not null && Size == other.Size && _rows.Zip(other._rows).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    public override bool Equals(object? obj) => Equals(obj as QualityMatrix);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in _rows.SelectMany(row => row))
            hash.Add(value);
        return hash.ToHashCode();
    }

    /// <summary>"[[0, 0.5], [0.5, 0]]".</summary>
    public override string ToString() => $"[{string.Join(", ", _rows.Select(Format))}]";

    static string Format(IEnumerable<double> row) =>
        $"[{string.Join(", ", row.Select(value => FormattableString.Invariant($"{value:R}")))}]";

    static string? Fault(IReadOnlyList<double>? row, int index, int size)
    {
        if (row?.Count != size)
            return $"Q must be square: it has {size} rows, but row {index} has {row?.Count ?? 0} numbers.";
        var column = row.TakeWhile(value => float.IsFinite((float)value)).Count();
        return column == size ? null : $"Q must be finite; [{index}, {column}] is {row[column]:R}.";
    }

    static float[] Flat(double[,] matrix) => [.. matrix.Cast<double>().Select(value => (float)value)];
}
