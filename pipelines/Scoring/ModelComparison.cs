using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Onnx.Scoring;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The comparison of two models on the same labelled rows.</summary>
/// <param name="Before">The first model.</param>
/// <param name="After">The second model.</param>
/// <param name="Difference">Accuracy of the second minus that of the first, in shares of 1.</param>
/// <param name="Low">Lower end of its paired 95 % interval, of Bonett and Price.</param>
/// <param name="High">Upper end.</param>
/// <param name="Split">The split that the rows come from.</param>
/// <param name="Data">The name of the data.</param>
sealed record ModelComparison(
    ModelFigures Before,
    ModelFigures After,
    double Difference,
    double Low,
    double High,
    string Split,
    string Data
)
{
    const int ManyRows = 2000;

    /// <param name="ml">The context.</param>
    /// <param name="source">The rows.</param>
    /// <param name="before">The file of the first.</param>
    /// <param name="after">The file of the second.</param>
    /// <param name="request">Trust in both, and the pixels that they take.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    public static ModelComparison Of(
        MLContext ml,
        DataSource source,
        string before,
        string after,
        DataRequest request,
        CancellationToken cancellation
    )
    {
        using var first = ModelFile.Open(ml, before, batchSize: null, request.IsTrusted, cancellation, pixels: request.Pixels);
        using var second = ModelFile.Open(ml, after, batchSize: null, request.IsTrusted, cancellation, pixels: request.Pixels);
        var (old, oldCorrect) = Judge(ml, first, source, cancellation);
        var (changed, changedCorrect) = Judge(ml, second, source, cancellation);
        var (gained, lost) = (Only(changedCorrect, oldCorrect), Only(oldCorrect, changedCorrect));
        var interval = Interval.OfPairedShares(gained, lost, oldCorrect.Count);
        return new(old, changed, (double)(gained - lost) / oldCorrect.Count, interval.Low, interval.High, source.Split, source.Data.Name);

        static int Only(List<bool> one, List<bool> other) => one.Zip(other).Count(row => row is (true, false));
    }

    static (ModelFigures Figures, List<bool> IsCorrect) Judge(
        MLContext ml,
        ModelFile model,
        DataSource source,
        CancellationToken cancellation
    )
    {
        model.RequireClasses(source);
        var labelled = LabelKeys.Map(ml, model.Labels).Fit(source.Rows).Transform(source.Rows);
        // The time to choose batches is not part of the rate. For few rows there is hardly a choice.
        if (source.Count >= ManyRows)
            model.WarmUp(labelled.Schema);
        var scored = model.Score(labelled);
        var (label, score) = (scored.Schema["Label"], scored.Schema["Score"]);
        using var cursor = scored.GetRowCursor([label, score]);
        var (getLabel, getScore) = (cursor.GetGetter<uint>(label), cursor.GetGetter<VBuffer<float>>(score));
        var (key, scores) = (0u, default(VBuffer<float>));
        var isCorrect = new List<bool>();
        var loss = 0.0;
        var clock = Stopwatch.StartNew();
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getLabel(ref key);
            getScore(ref scores);
            isCorrect.Add(ScoreColumns.PredictedKey(scores.GetValues()) == key);
            // Like ML.NET's log-loss, this does not become infinite for a probability of zero.
            loss -= Math.Log(Math.Max(scores.GetItemOrDefault((int)key - 1), 1e-15));
        }
        var seconds = clock.Elapsed.TotalSeconds;
        return (
            new(
                (double)isCorrect.Count(correct => correct) / isCorrect.Count,
                loss / isCorrect.Count,
                isCorrect.Count,
                isCorrect.Count / seconds
            ),
            isCorrect
        );
    }
}

/// <summary>The figures of a model on labelled rows.</summary>
sealed record ModelFigures(double Accuracy, double LogLoss, long Rows, double RowsPerSecond)
{
    internal string[] Cells =>
        [
            FormattableString.Invariant($"{Accuracy:0.0000}"),
            FormattableString.Invariant($"{LogLoss:0.0000}"),
            FormattableString.Invariant($"{RowsPerSecond:0}"),
        ];
}
