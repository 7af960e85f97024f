using NoisyNN.Models.Training;

namespace NoisyNN.Pipelines.Reports.Measuring;

/// <summary>The entropies of a network's layers before and after its training, in bits.</summary>
/// <param name="Run">The training.</param>
/// <param name="Seconds">The seconds that all measurements took.</param>
/// <param name="Share">The same as a share of the training's seconds.</param>
/// <param name="Epochs">The measured epochs; 0 is before the training.</param>
/// <param name="Layers">One entry for each layer and bandwidth.</param>
public sealed record MeasuredTraining(
    string Run,
    double Seconds,
    double Share,
    IReadOnlyList<int> Epochs,
    IReadOnlyList<MeasuredLayer> Layers
)
{
    /// <summary>The measurements of a training; null if there are none.</summary>
    internal static MeasuredTraining? Of(string run, TrainingResult training)
    {
        var all = training.Epochs.SelectMany(epoch => epoch.Measured ?? []).ToArray();
        if (all.Length == 0)
            return null;
        var seconds = training.Epochs.Sum(epoch => epoch.MeasuringSeconds ?? 0);
        return new(
            run,
            seconds,
            seconds / training.Seconds,
            [.. all.Select(one => one.Epoch).Distinct()],
            [
                .. all.GroupBy(one => (one.Layer, one.Setting))
                    .Select(course => new MeasuredLayer(
                        course.Key.Layer,
                        course.Key.Setting,
                        course.First().Epoch,
                        course.First().Figures,
                        course.Last().Epoch,
                        course.Last().Figures
                    )),
            ]
        );
    }
}

/// <summary>One layer at one bandwidth, first and last. Entropies are in bits, distances in units of the activations.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Bandwidth">The rule for the bandwidth.</param>
/// <param name="FirstEpoch">The first epoch at which it was measured.</param>
/// <param name="First">The figures then, by name.</param>
/// <param name="LastEpoch">The last epoch at which it was measured.</param>
/// <param name="Last">The figures then.</param>
public sealed record MeasuredLayer(
    string Layer,
    string Bandwidth,
    int FirstEpoch,
    IReadOnlyDictionary<string, double> First,
    int LastEpoch,
    IReadOnlyDictionary<string, double> Last
);
