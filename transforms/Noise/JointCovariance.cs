namespace NoisyNN.Transforms.Noise;

/// <summary>The covariance of a signal Z and a label Y, taken as jointly Gaussian vectors.</summary>
public sealed class JointCovariance
{
    private readonly double[,] _signal;
    private readonly double[,] _cross;
    private readonly double[,] _label;

    /// <param name="signal">Covariance of Z, d by d.</param>
    /// <param name="cross">Covariance of Z with Y, d by m.</param>
    /// <param name="label">Covariance of Y, m by m.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, a value that is not finite, or a joint matrix that is not symmetric and positive definite.</exception>
    public JointCovariance(double[,] signal, double[,] cross, double[,] label)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(cross);
        ArgumentNullException.ThrowIfNull(label);
        var (d, m) = (signal.GetLength(0), label.GetLength(0));
        if (d == 0 || m == 0 || signal.GetLength(1) != d || label.GetLength(1) != m || cross.GetLength(0) != d || cross.GetLength(1) != m)
        {
            throw new ArgumentException(
                $"Covariances of Z [{d}, {signal.GetLength(1)}], of Z with Y [{cross.GetLength(0)}, {cross.GetLength(1)}] and of Y [{m}, {label.GetLength(1)}] " +
                "do not fit: they must be d by d, d by m and m by m.");
        }
        (_signal, _cross, _label) = (signal, cross, label);
        SignalLogDeterminant = CholeskyLogDeterminant(signal, "The covariance of Z");
        LogDeterminant = CholeskyLogDeterminant(Joint(), "The joint covariance of Z and Y");
    }

    /// <summary>d, the signal's dimension.</summary>
    public int SignalSize => _signal.GetLength(0);

    /// <summary>log det of the joint covariance.</summary>
    public double LogDeterminant { get; }

    /// <summary>log det of the signal's covariance.</summary>
    public double SignalLogDeterminant { get; }

    /// <summary>Of Z + ε, where ε is independent of both with this variance in each coordinate.</summary>
    internal JointCovariance WithNoiseVariance(double variance)
    {
        var signal = (double[,])_signal.Clone();
        for (var i = 0; i < SignalSize; i++)
            signal[i, i] += variance;
        return new(signal, _cross, _label);
    }

    /// <summary>Of AZ.</summary>
    internal JointCovariance Transformed(double[,] a) => new(Multiply(Multiply(a, _signal), Transpose(a)), Multiply(a, _cross), _label);

    private double[,] Joint()
    {
        var (d, m) = (SignalSize, _label.GetLength(0));
        var joint = new double[d + m, d + m];
        for (var i = 0; i < d + m; i++)
        {
            for (var j = 0; j < d + m; j++)
            {
                joint[i, j] = (i < d, j < d) switch
                {
                    (true, true) => _signal[i, j],
                    (true, false) => _cross[i, j - d],
                    (false, true) => _cross[j, i - d],
                    (false, false) => _label[i - d, j - d],
                };
            }
        }
        return joint;
    }

    private static double CholeskyLogDeterminant(double[,] matrix, string name)
    {
        var size = matrix.GetLength(0);
        var lower = new double[size, size];
        var logDeterminant = 0.0;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var scale = Math.Abs(matrix[i, j]) + Math.Abs(matrix[j, i]);
                if (!double.IsFinite(scale) || Math.Abs(matrix[i, j] - matrix[j, i]) > 1e-9 * scale)
                    throw new ArgumentException($"{name} must be finite and symmetric; [{i}, {j}] is {matrix[i, j]:R}, [{j}, {i}] is {matrix[j, i]:R}.");
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                if (i > j)
                    lower[i, j] = sum / lower[j, j];
                else if (sum > 0)
                    lower[i, i] = Math.Sqrt(sum);
                else
                    throw new ArgumentException($"{name} is not positive definite: coordinate {i} is a combination of those before it. Drop it, or shrink the estimate.");
            }
            logDeterminant += 2 * Math.Log(lower[i, i]);
        }
        return logDeterminant;
    }

    private static double[,] Multiply(double[,] left, double[,] right)
    {
        var product = new double[left.GetLength(0), right.GetLength(1)];
        for (var i = 0; i < product.GetLength(0); i++)
        {
            for (var j = 0; j < product.GetLength(1); j++)
            {
                for (var k = 0; k < right.GetLength(0); k++)
                    product[i, j] += left[i, k] * right[k, j];
            }
        }
        return product;
    }

    private static double[,] Transpose(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j < matrix.GetLength(1); j++)
                transposed[j, i] = matrix[i, j];
        }
        return transposed;
    }
}
