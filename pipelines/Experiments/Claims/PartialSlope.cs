using MathNet.Numerics.LinearAlgebra;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>
/// What a figure predicts of an outcome beyond other figures: its slope in a linear regression by least squares. Its t-test is the nested F
/// test of the regressions with and without it, F = t².
/// </summary>
static class PartialSlope
{
    /// <summary>The change of the outcome for one standard deviation of the figure.</summary>
    /// <param name="outcomes">One for each trial.</param>
    /// <param name="figures">One for each trial.</param>
    /// <param name="known">What is known beforehand: columns with one value for each trial.</param>
    /// <returns>Null if too few trials are left, if the figure follows from what is known, or if the outcome does exactly.</returns>
    public static MeanEstimate? Of(IReadOnlyList<double> outcomes, IReadOnlyList<double> figures, params IReadOnlyList<double>[] known)
    {
        var freedom = outcomes.Count - known.Length - 2;
        if (freedom < 1)
            return null;
        var rows = Matrix<double>.Build.DenseOfColumns([
            Enumerable.Repeat(1.0, outcomes.Count),
            .. known.Select(Standardized),
            Standardized(figures),
        ]);
        var products = rows.TransposeThisAndMultiply(rows);
        // Of standardized columns: a figure of which a part of 1e-9 is left says nothing.
        if (products.ConditionNumber() is not < 1e9)
            return null;
        var inverse = products.Inverse();
        var outcome = Vector<double>.Build.DenseOfEnumerable(outcomes);
        var slopes = inverse * rows.TransposeThisAndMultiply(outcome);
        var residual = outcome - rows * slopes;
        var last = slopes.Count - 1;
        var error = Math.Sqrt(residual.DotProduct(residual) / freedom * inverse[last, last]);
        return error > 0 ? new MeanEstimate(slopes[last], error, freedom) : null;
    }

    static IReadOnlyList<double> Standardized(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        // A constant column stays one, and the condition of the products shows it.
        return [.. values.Select(value => deviation > 0 ? (value - mean) / deviation : 0)];
    }
}
