using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Scoring;

/// <summary>Fits a column to a model's input.</summary>
internal static class OnnxRowShape
{
    /// <summary>
    /// The shape in which a row of the column is fed. A column with dimensions must have the model's; a flat column, or a flat input, only has to have
    /// as many values. Dimensions that the model leaves open (a convolutional network's height and width) are the column's.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The column does not fit.</exception>
    public static int[] Resolve(OnnxModel model, OnnxTensorInfo input, string columnName, VectorDataViewType column)
    {
        var wanted = input.RowDimensions;
        var given = column.Dimensions;
        if (given.Length == wanted.Length && given.Zip(wanted).All(pair => pair.Second < 0 || pair.First == pair.Second))
            return [.. given];

        var isOpen = wanted.Any(length => length < 0);
        if (!isOpen && (given.Length == 1 || wanted.Length == 1) && column.Size == Size(wanted))
            return wanted;

        var remedy = isOpen
            ? $"a vector with {wanted.Length} dimensions"
            : $"a vector of {string.Join(" x ", wanted)} values, or a flat one of {Size(wanted)}";
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Schema mismatch for input column '{columnName}': it is {column}, but '{model.FileName}' takes {input}, which needs {remedy}.");
    }

    public static int Size(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (size, length) => checked(size * length));
}
