namespace NoisyNN.Transforms.Entropy;

/// <summary>Rows of finite float64 features in memory, one after the other. It is immutable.</summary>
public sealed class FeatureMatrix
{
    /// <param name="values">All rows, one after the other. The array is used, not copied.</param>
    /// <param name="dimension">Values of one row.</param>
    /// <exception cref="ArgumentException">There is no row, the lengths do not fit, or a value is NaN or infinite.</exception>
    public FeatureMatrix(double[] values, int dimension)
        : this(values, dimension, "The matrix") { }

    internal FeatureMatrix(double[] values, int dimension, string name)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (dimension < 1)
            throw new ArgumentException(
                $"{name} has vectors of length {dimension}; an entropy needs at least one value in each.",
                nameof(dimension)
            );
        if (values.Length == 0)
            throw new ArgumentException($"{name} has no rows; an entropy needs at least one.", nameof(values));
        if (values.Length % dimension != 0)
            throw new ArgumentException(
                $"{name} has {values.Length} values, which is not a multiple of the dimension {dimension}.",
                nameof(values)
            );
        (Values, Dimension, RowCount) = (values, dimension, values.Length / dimension);
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{name} is {values[i]} at element {i % dimension} of row {i / dimension}. An "
                        + "entropy needs finite values: replace or drop them first.",
                    nameof(values)
                );
            }
        }
    }

    FeatureMatrix(double[] values, int dimension, int rowCount) => (Values, Dimension, RowCount) = (values, dimension, rowCount);

    /// <summary>N.</summary>
    public int RowCount { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    internal double[] Values { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<double> this[int row] => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>A copy of some of the rows, in the given order.</summary>
    public FeatureMatrix Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = new double[rows.Count * Dimension];
        for (var i = 0; i < rows.Count; i++)
            this[rows[i]].CopyTo(values.AsSpan(i * Dimension));
        return new(values, Dimension, rows.Count);
    }

    /// <summary>The scaled rows; this object itself if there is nothing to do.</summary>
    internal FeatureMatrix Scale(FeatureScaling scaling) =>
        scaling switch
        {
            FeatureScaling.None => this,
            FeatureScaling.ZScore => Standardize(),
            FeatureScaling.UnitLength => Normalize(),
            _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Unknown scaling."),
        };

    FeatureMatrix Standardize()
    {
        var (mean, largest, deviation) = (new double[Dimension], new double[Dimension], new double[Dimension]);
        for (var row = 0; row < RowCount; row++)
        {
            for (var column = 0; column < Dimension; column++)
                mean[column] += this[row][column] / RowCount;
        }
        for (var row = 0; row < RowCount; row++)
        {
            for (var column = 0; column < Dimension; column++)
                largest[column] = Math.Max(largest[column], Math.Abs(this[row][column] - mean[column]));
        }
        // Values are divided by the largest deviation, so that no square overflows or vanishes.
        for (var row = 0; row < RowCount; row++)
        {
            for (var column = 0; column < Dimension && largest[column] > 0; column++)
                deviation[column] += Math.Pow((this[row][column] - mean[column]) / largest[column], 2) / RowCount;
        }
        var values = new double[Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var column = i % Dimension;
            // In a constant column, rounding leaves a remainder that must not be scaled up.
            var spread = largest[column] * Math.Sqrt(deviation[column]);
            values[i] = spread > 1e-14 * Math.Abs(mean[column]) ? (Values[i] - mean[column]) / spread : 0;
        }
        return new(values, Dimension, RowCount);
    }

    FeatureMatrix Normalize()
    {
        var values = new double[Values.Length];
        for (var row = 0; row < RowCount; row++)
        {
            // Values are first divided by the largest, so that no square overflows or vanishes.
            var (largest, sum) = (0.0, 0.0);
            foreach (var value in this[row])
                largest = Math.Max(largest, Math.Abs(value));
            if (largest == 0)
                continue;
            foreach (var value in this[row])
                sum += value / largest * (value / largest);
            for (var column = 0; column < Dimension; column++)
                values[row * Dimension + column] = this[row][column] / largest / Math.Sqrt(sum);
        }
        return new(values, Dimension, RowCount);
    }
}
