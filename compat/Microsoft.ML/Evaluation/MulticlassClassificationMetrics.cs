using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>How well probabilities of classes agree with labels.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics()
    {
    }

    /// <summary>The mean of -ln of the true class's probability, in nats.</summary>
    public double LogLoss { get; internal init; }

    /// <summary>The part of the labels' entropy that the probabilities explain.</summary>
    public double LogLossReduction { get; internal init; }

    /// <summary>The mean of the classes' recalls, over the classes that occur.</summary>
    public double MacroAccuracy { get; internal init; }

    /// <summary>The fraction of rows whose largest score is the true class's.</summary>
    public double MicroAccuracy { get; internal init; }

    /// <summary>The fraction of rows whose true class is among the asked number of largest scores.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK?.LastOrDefault() ?? 0;

    public int TopKPredictionCount { get; internal init; }

    /// <summary>The same for 1 up to the asked number; null if it was not asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; internal init; }

    public IReadOnlyList<double> PerClassLogLoss { get; internal init; }

    public ConfusionMatrix ConfusionMatrix { get; internal init; }
}
