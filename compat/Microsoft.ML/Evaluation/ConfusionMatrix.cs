using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often each class was taken for each: the rows of <see cref="Counts"/> are the true classes, its columns the predicted
/// ones.</summary>
public sealed class ConfusionMatrix
{
    private readonly IReadOnlyList<string> _names;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<string> names)
    {
        Counts = counts;
        _names = names;
        PerClassPrecision = [.. counts.Select((row, i) => Ratio(row[i], counts.Sum(r => r[i])))];
        PerClassRecall = [.. counts.Select((row, i) => Ratio(row[i], row.Sum()))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        if ((uint)predictedClassIndicatorIndex >= (uint)NumberOfClasses)
            throw new ArgumentOutOfRangeException(nameof(predictedClassIndicatorIndex),
                "Invalid index. Should be non-negative, less than the number of classes.");
        if ((uint)actualClassIndicatorIndex >= (uint)NumberOfClasses)
            throw new ArgumentOutOfRangeException(nameof(actualClassIndicatorIndex),
                "Invalid index. Should be non-negative, less than the number of classes.");
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    /// <summary>The matrix as text, with recall at the right and precision below. Long names are shown with numbers, which head the
    /// columns.</summary>
    public string GetFormattedConfusionTable()
    {
        var cell = NumberOfClasses == 2 ? 8 : 5;
        var numbered = _names.Max(name => name.Length) > cell;
        var digits = (NumberOfClasses - 1).ToString(CultureInfo.InvariantCulture).Length;
        var names = _names.Select((name, i) => numbered ? $"{i.ToString(CultureInfo.InvariantCulture).PadLeft(digits)}. {{0}}{name}"
            : name).ToList();
        var width = Math.Max(9, _names.Max(name => name.Length) + (numbered ? digits + 2 : 0));
        var rule = string.Concat(Enumerable.Repeat(new string('=', NumberOfClasses > 2 ? 8 : 11), NumberOfClasses));

        var text = new StringBuilder().AppendLine().AppendLine("Confusion table");
        void Line(string head, string rest) => text.Append(head.PadRight(width + 1)).Append("||").AppendLine(rest);
        string Cells(IEnumerable<string> cells) => string.Concat(cells.Select(c => $" {c.PadLeft(cell)} |"));
        string WideCells(IEnumerable<string> cells) => string.Concat(cells.Select(c => $"{c.PadLeft(cell + 1)} |"));

        Line("", rule);
        Line("PREDICTED", Cells(_names.Select((name, i) => numbered ? i.ToString(CultureInfo.InvariantCulture) : name)) + " Recall");
        Line("TRUTH", rule);
        for (var i = 0; i < NumberOfClasses; i++)
        {
            var name = numbered ? string.Format(CultureInfo.InvariantCulture, names[i],
                new string(' ', width - digits - 2 - _names[i].Length)) : names[i].PadLeft(width);
            Line(name, Cells(Counts[i].Select(count => count.ToString("N0", CultureInfo.CurrentCulture))) + $" {PerClassRecall[i],6:F4}");
        }
        Line("", rule);
        Line("Precision", WideCells(PerClassPrecision.Select(p => p.ToString("F4", CultureInfo.CurrentCulture))));
        return text.ToString();
    }

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}
