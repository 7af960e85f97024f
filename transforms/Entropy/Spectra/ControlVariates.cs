namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// The trace of a function of a matrix from a few quadratic forms. A parabola is fitted to the function and summed over the spectrum
/// exactly, through the matrix's size, trace and squared norm. Only the remainder is estimated.
/// </summary>
sealed class ControlVariates
{
    readonly double[] _coefficients;
    readonly double _unit;
    readonly double _exact;
    readonly Func<double, double> _function;

    /// <param name="function">The function.</param>
    /// <param name="rules">The nodes and weights of the fit.</param>
    /// <param name="size">The exact sum of 1 over the spectrum.</param>
    /// <param name="trace">The exact sum of the eigenvalues.</param>
    /// <param name="squaredNorm">The exact sum of their squares.</param>
    public ControlVariates(
        Func<double, double> function,
        (double Node, double Weight)[][] rules,
        double size,
        double trace,
        double squaredNorm
    )
    {
        _function = function;
        _unit = Math.Max(rules.Max(rule => rule.Max(point => point.Node)), double.Epsilon);
        var (matrix, right) = (new double[3, 3], new double[3]);
        foreach (var (node, weight) in rules.SelectMany(rule => rule))
        {
            double[] powers = [1, node / _unit, node / _unit * (node / _unit)];
            for (var i = 0; i < 3; i++)
            {
                right[i] += weight * powers[i] * function(node);
                for (var j = 0; j < 3; j++)
                    matrix[i, j] += weight * powers[i] * powers[j];
            }
        }
        // Any parabola gives a correct result. The ridge can only increase the variance.
        for (var i = 0; i < 3; i++)
            matrix[i, i] += 1e-9 * matrix[0, 0];
        _coefficients = Solve(matrix, right);
        _exact = _coefficients[0] * size + _coefficients[1] * trace / _unit + _coefficients[2] * squaredNorm / (_unit * _unit);
    }

    /// <summary>The trace, and its standard error over the probes.</summary>
    public (double Trace, double StandardError) Estimate((double Node, double Weight)[][] rules)
    {
        var rest = rules.Select(rule => rule.Sum(point => point.Weight * (_function(point.Node) - Parabola(point.Node / _unit)))).ToArray();
        var mean = rest.Average();
        return (_exact + mean, Math.Sqrt(rest.Sum(value => (value - mean) * (value - mean)) / rest.Length / Math.Max(1, rest.Length - 1)));
    }

    double Parabola(double x) => _coefficients[0] + x * (_coefficients[1] + x * _coefficients[2]);

    /// <summary>Gauss' elimination; the matrix is positive definite.</summary>
    static double[] Solve(double[,] matrix, double[] right)
    {
        for (var pivot = 0; pivot < 3; pivot++)
        {
            for (var row = pivot + 1; row < 3; row++)
            {
                var factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (var column = pivot; column < 3; column++)
                    matrix[row, column] -= factor * matrix[pivot, column];
                right[row] -= factor * right[pivot];
            }
        }
        for (var row = 2; row >= 0; row--)
        {
            for (var column = row + 1; column < 3; column++)
                right[row] -= matrix[row, column] * right[column];
            right[row] /= matrix[row, row];
        }
        return right;
    }
}
