namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>The figures of a classifier on labelled rows beyond its accuracy.</summary>
/// <param name="Accuracy">The share of rows classified rightly.</param>
/// <param name="TopFive">The share whose class is among the five most probable; null with five classes or fewer.</param>
/// <param name="BalancedAccuracy">The mean recall of the classes that have rows.</param>
/// <param name="MacroF1">The mean F1 of the classes that have rows.</param>
/// <param name="Classes">The figures of each class.</param>
/// <param name="MostConfused">The pairs of classes that are taken for one another most often.</param>
/// <param name="Calibration">How far the probabilities can be taken at their word; null for scores that are none.</param>
public sealed record Classification(
    Share Accuracy,
    Share? TopFive,
    double BalancedAccuracy,
    double MacroF1,
    IReadOnlyList<ClassFigures> Classes,
    IReadOnlyList<ConfusedPair> MostConfused,
    Calibration? Calibration
)
{
    const int PairCount = 10;

    /// <summary>The temperature that was fitted on validation rows, and what it does to these rows; null where there were none.</summary>
    public ScaledCalibration? Scaled { get; init; }

    /// <summary>Of the predictions for the rows that judge.</summary>
    /// <param name="judged">They.</param>
    /// <param name="validation">Predictions of the same classifier for rows that judge nothing; a temperature is fitted on them.</param>
    internal static Classification Of(Predictions judged, Predictions? validation = null)
    {
        var matrix = new ConfusionMatrix(judged);
        var classes = matrix.Classes();
        return new Classification(
            Share.Of(judged.Correct, judged.Count)!,
            TopOf(judged, 5),
            classes.Where(figures => figures.Rows > 0).Average(figures => figures.Recall!.Value),
            classes.Where(figures => figures.Rows > 0).Average(figures => figures.F1!.Value),
            classes,
            matrix.MostConfused(PairCount),
            judged.AreProbabilities ? Calibration.Of(judged) : null
        )
        {
            Scaled = validation is not { AreProbabilities: true } ? null : ScaledCalibration.Of(judged, TemperatureScaling.Fit(validation)),
        };
    }

    static Share? TopOf(Predictions predictions, int count) =>
        predictions.Labels.Count <= count
            ? null
            : Share.Of(Enumerable.Range(0, predictions.Count).Count(row => IsAmong(predictions, row, count)), predictions.Count);

    static bool IsAmong(Predictions predictions, int row, int count)
    {
        var scores = predictions[row];
        var truth = predictions.ClassOf(row);
        var before = 0;
        for (var label = 0; label < scores.Length; label++)
            // Of equal scores the earlier class comes first.
            if (scores[label] > scores[truth] || (scores[label] == scores[truth] && label < truth))
                before++;
        return before < count;
    }
}

/// <summary>What a temperature does to the calibration.</summary>
/// <param name="Temperature">Logits are divided by it. Above 1, the network is too sure of itself.</param>
/// <param name="LogLoss">The log-loss then, nats.</param>
/// <param name="ExpectedError">The expected calibration error then.</param>
public sealed record ScaledCalibration(double Temperature, double LogLoss, double ExpectedError)
{
    internal static ScaledCalibration Of(Predictions judged, double temperature)
    {
        var calibration = Calibration.Of(judged, temperature);
        return new ScaledCalibration(temperature, calibration.LogLoss, calibration.ExpectedError);
    }
}
