using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>An arm against the reference, with the same other settings, paired by seed or fold.</summary>
/// <param name="Point">The name of its settings.</param>
/// <param name="Reference">The name of those of the reference.</param>
/// <param name="Each">For each seed or fold: the test figure minus that of the reference.</param>
/// <param name="Effect">What they say, corrected for the number of comparisons.</param>
public sealed record ArmComparison(string Point, string Reference, IReadOnlyList<double> Each, Effect Effect)
{
    /// <summary>All comparisons of a sweep with arms; none without.</summary>
    /// <param name="points">The settings in the order of the plan: those of the first arm come first.</param>
    /// <param name="rows">All trials.</param>
    /// <param name="areFolds">Whether a point's trials are folds, which share training rows.</param>
    internal static IReadOnlyList<ArmComparison> Of(IReadOnlyList<PointSummary> points, IReadOnlyList<TrialRow> rows, bool areFolds)
    {
        var references = points.TakeWhile(point => point.Arm is not null && point.Arm == points[0].Arm).ToList();
        // A figure of a network whose predictions depend on the batch is none of the images.
        var figures = rows.Where(row => row.Transductive is null && row.Test is not null)
            .ToLookup(row => row.Point, row => row.Test!.Value);
        var pairs = points
            .Skip(references.Count)
            .Select(
                (point, index) => (Point: point.Name, Reference: references.Count == 0 ? null : references[index % references.Count].Name)
            )
            .Where(pair =>
                pair.Reference is not null && figures[pair.Point].Any() && figures[pair.Point].Count() == figures[pair.Reference].Count()
            )
            .Select(pair => (pair.Point, pair.Reference, Each: Differences(figures[pair.Point], figures[pair.Reference!])))
            .ToList();
        if (pairs.Count == 0)
            return [];
        var margin = rows[0].Unit is null ? Effect.AccuracyMargin : DifferenceSummary.BoundMargin;
        List<double[]> family = [.. pairs.Select(pair => pair.Each)];
        var effects = areFolds ? Effect.JudgeFolds(family, margin) : Effect.JudgeFamily(family, margin);
        return [.. pairs.Zip(effects, (pair, effect) => new ArmComparison(pair.Point, pair.Reference!, pair.Each, effect))];
    }

    static double[] Differences(IEnumerable<double> figures, IEnumerable<double> references) =>
        [.. figures.Zip(references, (figure, reference) => figure - reference)];
}
