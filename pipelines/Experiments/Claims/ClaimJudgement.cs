using System.Globalization;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Measuring;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>From the trials of a run to a verdict on its claim.</summary>
static class ClaimJudgement
{
    /// <summary>The unit of entropies.</summary>
    const string Bits = "bits";

    /// <summary>The margin of entropies: 0.1 bit.</summary>
    const double BitsMargin = 0.1;

    /// <summary>The unit of the effects: "fraction", "nats" or "bits".</summary>
    public static string Unit(Summary summary, EvidenceSection evidence) =>
        evidence.Compare is Contrast.Prediction ? "fraction"
        : evidence.Figure
            is JudgedFigure.DseChange
                or JudgedFigure.LabelDsmiChange
                or JudgedFigure.InputDsmiChange
                or JudgedFigure.DseStart
                or JudgedFigure.LabelDsmi
                or JudgedFigure.PlaceInformation
            ? Bits
        : summary.Runs[0].Bound is not null ? NetworkSummary.Nats
        : "fraction";

    /// <summary>The effects of a run whose trials are all complete, judged as one family.</summary>
    public static IReadOnlyList<ClaimEffect> Effects(SweepFolder folder, EvidenceSection evidence)
    {
        if (evidence.Compare is Contrast.Prediction)
            return [Prediction(folder, evidence)];
        var points = folder
            .Trials.GroupBy(trial => trial.Point, trial => folder.Read(trial)!)
            .Select(trials =>
                (Title: trials.Key.Title.Length > 0 ? trials.Key.Title : RecordSchema.Word(evidence.Figure), Summaries: trials.ToList())
            )
            .ToList();
        var contrasts = evidence.Compare switch
        {
            Contrast.Arms => points
                .Skip(1)
                .Select(point =>
                    (
                        $"{point.Title} minus {points[0].Title}",
                        Differences(point.Summaries, points[0].Summaries, summary => Figure(summary, evidence))
                    )
                ),
            Contrast.Networks => points.Select(point =>
                (
                    $"{point.Summaries[0].Runs[^1].Name} minus {point.Summaries[0].Runs[0].Name}{(points.Count > 1 ? $", {point.Title}" : "")}",
                    point.Summaries.Select(summary => Figure(summary, evidence) - summary.Runs[0].Test).ToArray()
                )
            ),
            _ => points.Select(point => (point.Title, point.Summaries.Select(summary => Figure(summary, evidence)).ToArray())),
        };
        var (names, family) = (contrasts.Select(contrast => contrast.Item1), contrasts.Select(contrast => contrast.Item2).ToList());
        var margin = Unit(points[0].Summaries[0], evidence) switch
        {
            Bits => BitsMargin,
            NetworkSummary.Nats => DifferenceSummary.BoundMargin,
            _ => Effect.AccuracyMargin,
        };
        return [.. names.Zip(Effect.JudgeFamily(family, margin), (name, effect) => new ClaimEffect(name, effect))];
    }

    /// <summary>What the figure of a trial predicts of its test accuracy, beyond the setting that is known beforehand.</summary>
    static ClaimEffect Prediction(SweepFolder folder, EvidenceSection evidence)
    {
        var trials = folder.Trials.Select(trial => (trial.Point, Summary: folder.Read(trial)!)).ToList();
        double[] outcomes = [.. trials.Select(trial => trial.Summary.Runs[^1].Test)];
        double[] figures = [.. trials.Select(trial => Figure(trial.Summary, evidence))];
        double[][] known = [];
        if (evidence.Given is { } key)
        {
            double[] logarithms = [.. trials.Select(trial => Math.Log(Setting(trial.Point, key)))];
            known = [logarithms, [.. logarithms.Select(value => value * value)]];
        }
        var slope = PartialSlope.Of(outcomes, figures, known);
        var beyond = evidence.Given is null ? "" : $" beyond {evidence.Given}";
        return new(
            $"test accuracy for one standard deviation of {RecordSchema.Word(evidence.Figure)}{beyond}",
            new Effect
            {
                Count = outcomes.Length,
                Mean = slope?.Value ?? 0,
                Interval = slope?.Interval(),
                EquivalenceInterval = slope?.Interval(0.90),
                PValue = slope?.PValue,
                SmallestDetectable = slope?.SmallestDetectable(),
                Margin = Effect.AccuracyMargin,
            }
        );
    }

    static double Setting(SweepPoint point, string key) =>
        point.Settings.LastOrDefault(setting => setting.Path == key) is { } setting
        && double.TryParse(setting.Value, CultureInfo.InvariantCulture, out var value)
        && value > 0
            ? value
            : throw new InvalidDataException($"a trial has no positive number for {key}; the sweep of the claim must vary it.");

    /// <summary>The verdict that the effects allow.</summary>
    public static ClaimVerdict Verdict(IReadOnlyList<EffectVerdict> effects, EvidenceSection evidence)
    {
        var (supporting, open) = (
            effects.Count(effect => effect == evidence.Supports),
            effects.Count(effect => effect is EffectVerdict.Open)
        );
        var against = effects.Count - supporting - open;
        return evidence.Needs is Quantifier.All
            ? against > 0
                ? ClaimVerdict.Refuted
                : open > 0
                    ? ClaimVerdict.Open
                    : ClaimVerdict.Supported
            : supporting > 0
                ? ClaimVerdict.Supported
                : open > 0
                    ? ClaimVerdict.Open
                    : ClaimVerdict.Refuted;
    }

    /// <summary>The rule in words.</summary>
    public static string Rule(EvidenceSection evidence)
    {
        var wanted = $"'{EffectText.Word(evidence.Supports)}'";
        return evidence.Needs is Quantifier.All
            ? $"supported if every comparison says {wanted}; refuted if one says something else; otherwise open"
            : $"supported if one comparison says {wanted}; refuted if all say something else; otherwise open";
    }

    static double[] Differences(List<Summary> arm, List<Summary> reference, Func<Summary, double> figure) =>
        [.. arm.Zip(reference, (of, other) => figure(of) - figure(other))];

    static double Figure(Summary summary, EvidenceSection evidence) =>
        evidence.Figure switch
        {
            JudgedFigure.DseStart => Measured(summary, evidence, EntropyFigures.Dse).Before,
            JudgedFigure.LabelDsmi => Measured(summary, evidence, EntropyFigures.LabelDsmi).After,
            JudgedFigure.DseChange => Change(summary, evidence, EntropyFigures.Dse),
            JudgedFigure.LabelDsmiChange => Change(summary, evidence, EntropyFigures.LabelDsmi),
            JudgedFigure.InputDsmiChange => Change(summary, evidence, EntropyFigures.InputDsmi),
            JudgedFigure.Target => summary.Runs[^1].TargetAccuracy
                ?? throw new InvalidDataException($"the run of {summary.Name} has no target; declare 'domain' in its file."),
            JudgedFigure.PlaceInformation => summary.Runs[^1].PlaceInformation
                ?? throw new InvalidDataException(
                    $"the run of {summary.Name} has no nuisance; declare 'data.occlusion' or 'data.clutter'."
                ),
            JudgedFigure.LeakIndex => summary.LeakIndex
                ?? throw new InvalidDataException($"the run of {summary.Name} has no leak index; declare 'evaluation.leak' in its file."),
            JudgedFigure.TestWithNoise => summary.Runs[^1].TestAccuracyWithNoise ?? summary.Runs[^1].Test,
            _ => summary.Runs[^1].Test,
        };

    /// <summary>What a training changed in the last layer.</summary>
    static double Change(Summary summary, EvidenceSection evidence, string figure)
    {
        var (before, after) = Measured(summary, evidence, figure);
        return after - before;
    }

    /// <summary>A measured figure of the last layer, before and after the training.</summary>
    static (double Before, double After) Measured(Summary summary, EvidenceSection evidence, string figure)
    {
        var bandwidth = RecordSchema.Word(evidence.Bandwidth);
        var layer = summary
            .Measured.FirstOrDefault(training => training.Run == summary.Runs[^1].Name)
            ?.Layers.LastOrDefault(layer => layer.Bandwidth == bandwidth);
        return layer is not null && layer.First.TryGetValue(figure, out var before) && layer.Last.TryGetValue(figure, out var after)
            ? (before, after)
            : throw new InvalidDataException(
                $"the run of {summary.Name} has no {figure} at the bandwidth {bandwidth}; declare 'measure' in its file."
            );
    }
}
