using MathNet.Numerics.LinearAlgebra;

namespace NoisyNN.Transforms.Noise;

/// <summary>The covariance of a signal Z and a label Y, taken as jointly Gaussian vectors.</summary>
public sealed class JointCovariance
{
    readonly double[,] _signal;
    readonly double[,] _cross;
    readonly double[,] _label;

    /// <param name="signal">Covariance of Z, d by d.</param>
    /// <param name="cross">Covariance of Z with Y, d by m.</param>
    /// <param name="label">Covariance of Y, m by m.</param>
    /// <exception cref="ArgumentException">The sizes do not match, a value is not finite, or the joint matrix is not symmetric and
    /// positive definite.</exception>
    public JointCovariance(double[,] signal, double[,] cross, double[,] label)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(cross);
        ArgumentNullException.ThrowIfNull(label);
        var (d, m) = (signal.GetLength(0), label.GetLength(0));
        if (d == 0 || m == 0 || signal.GetLength(1) != d || label.GetLength(1) != m || cross.GetLength(0) != d || cross.GetLength(1) != m)
        {
            throw new ArgumentException(
                $"Covariances of Z [{d}, {signal.GetLength(1)}], of Z with Y [{cross.GetLength(0)}, {cross.GetLength(1)}] and "
                    + $"of Y [{m}, {label.GetLength(1)}] "
                    + "do not fit: they must be d by d, d by m and m by m."
            );
        }
        (_signal, _cross, _label) = (signal, cross, label);
        SignalLogDeterminant = CholeskyLogDeterminant(signal, "The covariance of Z");
        LogDeterminant = CholeskyLogDeterminant(Joint(), "The joint covariance of Z and Y");
    }

    /// <summary>The covariance from a joint matrix. Its first coordinates are the signal's.</summary>
    /// <exception cref="ArgumentException">The matrix is not finite, symmetric and positive definite.</exception>
    internal static JointCovariance FromJoint(double[,] joint, int signalSize)
    {
        // Only one triangle of the covariances between signal and label is kept.
        RequireSymmetric(joint, "The joint covariance of Z and Y");
        var size = joint.GetLength(0);
        return new(
            Part(joint, 0, signalSize, 0, signalSize),
            Part(joint, 0, signalSize, signalSize, size),
            Part(joint, signalSize, size, signalSize, size)
        );
    }

    /// <summary>d, the signal's dimension.</summary>
    public int SignalSize => _signal.GetLength(0);

    /// <summary>m, the label's dimension.</summary>
    public int LabelSize => _label.GetLength(0);

    /// <summary>log det of the joint covariance.</summary>
    public double LogDeterminant { get; }

    /// <summary>log det of the signal's covariance.</summary>
    public double SignalLogDeterminant { get; }

    /// <summary>The joint covariance, d+m by d+m, the signal's coordinates first.</summary>
    public double[,] ToMatrix() => Joint();

    /// <summary>log det of the signal's covariance given the label.</summary>
    internal double ConditionalSignalLogDeterminant => LogDeterminant - CholeskyLogDeterminant(_label, "The covariance of Y");

    /// <summary>The covariance of Z + ε and Y. ε is independent of both and has this variance in each coordinate.</summary>
    internal JointCovariance WithNoiseVariance(double variance)
    {
        var signal = (double[,])_signal.Clone();
        for (var i = 0; i < SignalSize; i++)
            signal[i, i] += variance;
        return new(signal, _cross, _label);
    }

    /// <summary>The covariance of AZ and Y.</summary>
    /// <exception cref="ArgumentException">A is not d by d.</exception>
    internal JointCovariance Transformed(double[,] a)
    {
        if (a.GetLength(0) != SignalSize || a.GetLength(1) != SignalSize)
            throw new ArgumentException(
                $"A matrix [{a.GetLength(0)}, {a.GetLength(1)}] does not map a signal of {SignalSize} coordinates onto itself.",
                nameof(a)
            );

        var (map, signal, cross) = (Dense(a), Dense(_signal), Dense(_cross));
        var transformed = map.Multiply(signal).TransposeAndMultiply(map);
        // Rounding leaves the two triangles of the product slightly different.
        return new(((transformed + transformed.Transpose()) / 2).ToArray(), map.Multiply(cross).ToArray(), _label);
    }

    double[,] Joint()
    {
        var (d, m) = (SignalSize, LabelSize);
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

    static double[,] Part(double[,] matrix, int top, int bottom, int left, int right)
    {
        var part = new double[bottom - top, right - left];
        for (var i = top; i < bottom; i++)
        {
            for (var j = left; j < right; j++)
                part[i - top, j - left] = matrix[i, j];
        }
        return part;
    }

    static double CholeskyLogDeterminant(double[,] matrix, string name)
    {
        RequireSymmetric(matrix, name);
        return Cholesky.LogDeterminant(matrix)
            ?? throw new ArgumentException(
                $"{name} is not positive definite: a coordinate is a combination of others. Drop it, or shrink the estimate."
            );
    }

    static Matrix<double> Dense(double[,] matrix) => Matrix<double>.Build.DenseOfArray(matrix);

    static void RequireSymmetric(double[,] matrix, string name)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var scale = Math.Abs(matrix[i, j]) + Math.Abs(matrix[j, i]);
                if (!double.IsFinite(scale) || Math.Abs(matrix[i, j] - matrix[j, i]) > 1e-9 * scale)
                    throw new ArgumentException(
                        $"{name} must be finite and symmetric; [{i}, {j}] is {matrix[i, j]:R}, [{j}, {i}] is {matrix[j, i]:R}."
                    );
            }
        }
    }
}
