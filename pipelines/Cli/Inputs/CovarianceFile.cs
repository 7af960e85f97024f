using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>The joint covariance of a Gaussian signal and label, from a file of numbers.</summary>
static class CovarianceFile
{
    /// <param name="file">A square array or table; the signal's coordinates come first.</param>
    /// <param name="labelSize">The number of label coordinates; they come last.</param>
    /// <param name="table">How to read a table.</param>
    /// <param name="note">Receives notes about how the file was read.</param>
    /// <exception cref="InvalidDataException">The file is missing, not square, or too small for such a label.</exception>
    public static JointCovariance Read(string file, int labelSize, TableOptions table, Action<string> note)
    {
        var (rows, _) = VectorFile.Read(file, TableOptions.NoColumn, table: table, note: note);
        if (rows.RowCount != rows.Dimension || labelSize < 1 || labelSize >= rows.RowCount)
            throw new InvalidDataException(
                $"{file} is {rows.RowCount} by {rows.Dimension} with {labelSize} label coordinates. A joint covariance is "
                    + "square, with at least one coordinate of the signal and one of the label."
            );
        var joint = new double[rows.RowCount, rows.RowCount];
        for (var i = 0; i < rows.RowCount; i++)
        {
            for (var j = 0; j < rows.RowCount; j++)
                joint[i, j] = rows[i][j];
        }
        return JointCovariance.FromJoint(joint, rows.RowCount - labelSize);
    }
}
