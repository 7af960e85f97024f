using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>Reads labels that are written as text, one for each row.</summary>
static class LabelText
{
    /// <summary>
    /// Words and integers are classes as they are written. Booleans are two classes, whatever words stand for them. Numbers with fractions
    /// are divided into classes.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="lineOf">The line of a row, for messages.</param>
    /// <param name="clusters">The number of classes for continuous labels.</param>
    /// <param name="decimalSign">A point or a comma; null to find it.</param>
    /// <param name="note">Receives what a user should know.</param>
    /// <exception cref="InvalidDataException">A label is missing, or numbers have two meanings.</exception>
    public static RowClasses Classes(
        string path,
        IReadOnlyList<string> labels,
        Func<int, int> lineOf,
        int clusters,
        char? decimalSign,
        Action<string>? note
    )
    {
        // Integers of any length are names. As floating-point numbers, long ones would become equal.
        if (labels.All(NumberText.IsInteger))
            return RowClasses.Of(labels);
        if (labels.All(NumberText.IsNumber))
        {
            var sign = DecimalSign.Of(path, labels.Index().Select(label => (lineOf(label.Index), label.Item)), decimalSign);
            return Numbers(path, [.. labels.Select(label => NumberText.Parse(label, sign) ?? double.NaN)], clusters);
        }
        for (var row = 0; row < labels.Count; row++)
        {
            if (NumberText.IsMissing(labels[row]))
            {
                throw new InvalidDataException(
                    $"{path}: the label of row {row} is '{labels[row]}', which stands for a missing value. "
                        + "Leave the row out, or give the class another name."
                );
            }
        }
        if (labels.All(label => bool.TryParse(label, out _)))
            return RowClasses.Of(labels.Distinct().Count() > 2 ? labels.Select(label => label.ToUpperInvariant()) : labels);
        var ignoringCase = labels.Distinct().GroupBy(label => label, StringComparer.OrdinalIgnoreCase);
        if (ignoringCase.FirstOrDefault(spellings => spellings.Count() > 1) is { } alike)
            note?.Invoke($"{path}: the classes '{string.Join("' and '", alike)}' differ by capital letters alone.");
        return RowClasses.Of(labels);
    }

    /// <summary>Classes from numbers that may be labels or measurements.</summary>
    /// <exception cref="InvalidDataException">A label is not finite.</exception>
    public static RowClasses Numbers(string path, double[] labels, int clusters)
    {
        var row = Array.FindIndex(labels, label => !double.IsFinite(label));
        return row < 0
            ? RowClasses.Of(labels, clusters)
            : throw new InvalidDataException(
                FormattableString.Invariant($"{path}: the label of row {row} is {labels[row]}; give every row one, or leave such rows out.")
            );
    }
}
