using MathNet.Numerics.LinearAlgebra;

namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// The effective rank of rows: exp(H(p)), where p are the singular values of their covariance, divided by their sum (O. Roy and M. Vetterli,
/// EUSIPCO 2007). It is the number of directions in which the rows differ. Noise that lets it fall has collapsed the rows.
/// </summary>
public static class EffectiveRank
{
    /// <summary>The effective rank, from 1 to the smaller of the number of rows less one and their length.</summary>
    /// <param name="rows">The rows, one after the other. The time grows with the cube of their number.</param>
    /// <param name="rowLength">Values of a row.</param>
    /// <returns>0 if all rows are equal.</returns>
    public static double Of(ReadOnlySpan<float> rows, int rowLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowLength, 1);
        if (rows.Length < 2 * rowLength || rows.Length % rowLength != 0)
            throw new ArgumentException($"{rows.Length} values are not two or more rows of {rowLength}.", nameof(rows));
        var centred = Matrix<double>.Build.Dense(rows.Length / rowLength, rowLength);
        for (var column = 0; column < rowLength; column++)
        {
            var mean = 0.0;
            for (var row = 0; row < centred.RowCount; row++)
                mean += rows[row * rowLength + column] / (double)centred.RowCount;
            for (var row = 0; row < centred.RowCount; row++)
                centred[row, column] = rows[row * rowLength + column] - mean;
        }
        // The smaller of the two products has the same eigenvalues, but for zeros.
        var product = centred.RowCount <= rowLength ? centred.TransposeAndMultiply(centred) : centred.TransposeThisAndMultiply(centred);
        double[] singular = [.. product.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Max(0, value.Real))];
        var sum = singular.Sum();
        return sum == 0
            ? 0
            : Math.Exp(-singular.Select(value => value / sum).Where(share => share > 0).Sum(share => share * Math.Log(share)));
    }
}
