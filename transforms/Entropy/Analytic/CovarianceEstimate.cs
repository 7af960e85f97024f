using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Native;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>
/// The covariance of a column and its label. It is estimated from rows and shrunk, so that it is regular even with fewer rows than columns.
/// </summary>
/// <param name="Covariance">(1-ρ)S + ρT. S is the covariance of the rows. T has the mean variance of signal and of label on the diagonal of
/// their blocks.</param>
/// <param name="Shrinkage">ρ, from 0 (the rows as they are) to 1 (no covariance is left).</param>
/// <param name="RowCount">Rows that were read.</param>
/// <param name="ClassCount">Classes that occur; all but the last are coordinates of the label. Null for numbers.</param>
public sealed record CovarianceEstimate(JointCovariance Covariance, double Shrinkage, long RowCount, int? ClassCount)
{
    /// <summary>"40 rows of 8 values and 2 classes, shrinkage 0.0500"</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{RowCount} rows of {Covariance.SignalSize} values")
        + (ClassCount is { } classes ? $" and {classes} classes" : "")
        + FormattableString.Invariant($", shrinkage {Shrinkage:0.0000}");

    /// <summary>Reads the column and its label once, in memory that does not depend on the number of rows.</summary>
    /// <param name="context">The context that maps classes to keys.</param>
    /// <param name="view">The rows. Give training rows: a noise must not be chosen by the rows that judge it.</param>
    /// <param name="columnName">A known-size vector of Single.</param>
    /// <param name="labelColumnName">Classes (a key, text, Boolean, whole numbers) or numbers (Single, Double, a known-size vector of
    /// Single).</param>
    /// <param name="shrinkage">ρ; null for the estimate of <see cref="OracleApproximatingShrinkage"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or ρ is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two rows, a value is not finite, a column is constant, or the label
    /// has one class.</exception>
    /// <exception cref="ArgumentException">The covariance is singular without shrinkage.</exception>
    public static CovarianceEstimate Of(
        MLContext context,
        IDataView view,
        string columnName,
        string labelColumnName,
        double? shrinkage = null
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(view);
        if (shrinkage is not (null or >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(shrinkage),
                shrinkage,
                $"shrinkage is {shrinkage:R}. Give a share from 0 to 1, or null for an estimate."
            );
        var label = LabelVectors.Find(context, view, labelColumnName);
        var signal = BlockInput.Find(label.View.Schema, columnName);
        Libtorch.Require();
        using var moments = new MomentAccumulator(signal.Length + label.Length);
        Read(label, signal, moments);
        if (moments.Count < 2)
            throw new InvalidOperationException($"Column '{columnName}' has {moments.Count} rows; a covariance needs at least 2.");

        var (covariance, _) = moments.Finish();
        var labels = Varying(covariance, signal.Length, label.Length);
        if (label.IsOneHot && labels.Length < 2)
            throw new InvalidOperationException(
                $"Label column '{labelColumnName}' has one class in all {moments.Count} rows, "
                    + "so it has no information. Give rows of two classes or more."
            );
        if (labels.Length == 0)
            throw new InvalidOperationException(
                $"Label column '{labelColumnName}' is constant, so it has no information. Give other rows."
            );
        if (Varying(covariance, 0, signal.Length).Length == 0)
            throw new InvalidOperationException(
                $"Column '{columnName}' is constant over all {moments.Count} rows: it has no entropy that a noise could change."
            );

        // The classes sum to 1, so the last one is a combination of the others.
        int[] coordinates = [.. Enumerable.Range(0, signal.Length), .. label.IsOneHot ? labels[..^1] : labels];
        var (shrunk, intensity) = OracleApproximatingShrinkage.Shrink(
            Select(covariance, coordinates),
            signal.Length,
            moments.Count,
            shrinkage
        );
        return new(JointCovariance.FromJoint(shrunk, signal.Length), intensity, moments.Count, label.IsOneHot ? labels.Length : null);
    }

    static void Read(LabelVectors label, BlockInput signal, MomentAccumulator moments)
    {
        using var cursor = label.View.GetRowCursor([signal.Column, label.Column]);
        var readSignal = cursor.GetGetter<VBuffer<float>>(signal.Column);
        var readLabel = label.CreateReader(cursor);
        var (value, values) = (default(VBuffer<float>), new float[signal.Length]);
        while (cursor.MoveNext())
        {
            var row = moments.Next();
            readSignal(ref value);
            signal.Copy(value, values, cursor.Position);
            for (var index = 0; index < values.Length; index++)
                row[index] = float.IsFinite(values[index])
                    ? values[index]
                    : throw NotFinite(signal.Column.Name, values[index], index, cursor.Position);
            readLabel(row[signal.Length..]);
        }
    }

    static InvalidOperationException NotFinite(string column, float value, int index, long row) =>
        new(
            $"Column '{column}' is {value} at element {index} of row {row}. A covariance needs finite values: replace or drop "
                + "them first, for instance with ReplaceMissingValues."
        );

    static int[] Varying(double[,] covariance, int start, int count) =>
        [.. Enumerable.Range(start, count).Where(index => covariance[index, index] > 0)];

    static double[,] Select(double[,] matrix, int[] coordinates)
    {
        var selected = new double[coordinates.Length, coordinates.Length];
        for (var i = 0; i < coordinates.Length; i++)
        {
            for (var j = 0; j < coordinates.Length; j++)
                selected[i, j] = matrix[coordinates[i], coordinates[j]];
        }
        return selected;
    }
}
