using System.Diagnostics;
using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Reports.Measuring;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Spectra;
using NoisyNN.Transforms.Entropy.Tracking;

namespace NoisyNN.Pipelines.Experiments.Measuring;

/// <summary>Measures the entropies of a network's layers in the course of its training, always on the same validation rows.</summary>
sealed class LayerEntropies
{
    /// <summary>The fewest validation rows of which entropies are worth a figure.</summary>
    public const int FewestRows = 10;

    readonly MeasureSection _section;
    readonly int _epochs;
    readonly EntropyTracker _tracker;
    readonly float[] _pixels;
    readonly Stopwatch _elapsed = Stopwatch.StartNew();
    TimeSpan _measuring;

    /// <param name="section">What to measure.</param>
    /// <param name="validation">The validation rows.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="epochs">The epochs of the training.</param>
    /// <param name="seed">Decides the rows.</param>
    public LayerEntropies(MeasureSection section, RowStore validation, IReadOnlyList<string> labels, int epochs, int seed)
    {
        (_section, _epochs) = (section, epochs);
        int[] rows = StratifiedSampling.Choose(
            [.. Enumerable.Range(0, validation.Count)],
            validation.ClassOf,
            section.Rows,
            seed,
            "measured rows"
        );
        _pixels = [.. rows.SelectMany(validation.ValuesOf)];
        var input = new FeatureMatrix(Array.ConvertAll(_pixels, value => (double)value), validation.RowLength);
        _tracker = new(
            RowClasses.Of(rows.Select(row => labels[validation.ClassOf(row)])),
            // As many clusters as classes, found once, as the authors of DSMI do.
            SpectralClustering.Cluster(input, Math.Clamp(labels.Count, 2, rows.Length - 1)),
            section.Options(seed)
        );
    }

    /// <summary>The layers of a network that are measured.</summary>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public static IReadOnlyList<string> Layers(MeasureSection section, Classifier network) =>
        section.Layers.FirstOrDefault(layer => !network.Layers.Contains(layer)) is { } unknown
            ? throw new ArgumentException(
                $"measure.layers has '{unknown}'; the network has {string.Join(", ", network.Layers)}.",
                nameof(section)
            )
        : section.Layers.Count > 0 ? section.Layers
        : [.. network.Layers.Where(layer => layer != Classifier.LogitsLayer)];

    /// <summary>Measures the network, unless the epoch is left out.</summary>
    public IReadOnlyList<LayerMeasurement> Measure(Classifier network, int epoch)
    {
        var layers = Layers(_section, network);
        if (epoch % _section.EveryEpochs != 0 && epoch != _epochs)
            return [];
        if (epoch != 0 && epoch != _epochs && _measuring > _section.MaxShare * _elapsed.Elapsed)
            return [];

        var start = Stopwatch.GetTimestamp();
        var noise = network.LatentNoise;
        network.SetLatentNoise(null);
        try
        {
            return
            [
                .. from layer in layers
                from entropy in _tracker.Measure(Activations.Of(network, _pixels, layer))
                select new LayerMeasurement(
                    epoch,
                    layer,
                    JsonNamingPolicy.KebabCaseLower.ConvertName($"{entropy.Bandwidth}"),
                    Figures(entropy)
                ),
            ];
        }
        finally
        {
            network.SetLatentNoise(noise);
            _measuring += Stopwatch.GetElapsedTime(start);
        }
    }

    static Dictionary<string, double> Figures(TrackedEntropy entropy)
    {
        (string Name, double? Value)[] figures =
        [
            (EntropyFigures.Sigma, entropy.Sigma),
            (EntropyFigures.MedianDistance, entropy.MedianDistance),
            (EntropyFigures.Dse, entropy.Dse),
            (EntropyFigures.DseLow, entropy.DseInterval?.Low),
            (EntropyFigures.DseHigh, entropy.DseInterval?.High),
            (EntropyFigures.LabelDsmi, entropy.LabelDsmi),
            (EntropyFigures.LabelDsmiLow, entropy.LabelDsmiInterval?.Low),
            (EntropyFigures.LabelDsmiHigh, entropy.LabelDsmiInterval?.High),
            (EntropyFigures.PermutedDsmi, entropy.NullMean),
            (EntropyFigures.PermutedDsmiDeviation, entropy.NullDeviation),
            (EntropyFigures.InputDsmi, entropy.InputDsmi),
        ];
        return figures
            .Where(figure => figure.Value is { } value && double.IsFinite(value))
            .ToDictionary(figure => figure.Name, figure => figure.Value!.Value);
    }
}
