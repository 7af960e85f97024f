using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using NoisyNN.Transforms.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Tracking;

/// <summary>
/// Measures representations of the same rows again and again, such as those of a layer in the course of a training. The figures are those
/// of <see cref="DiffusionEntropy"/>, at several bandwidths at once.
/// </summary>
public sealed class EntropyTracker
{
    readonly RowClasses _labels;
    readonly RowClasses? _inputs;
    readonly TrackingOptions _options;
    readonly int[] _all;

    /// <param name="labels">The class of each row.</param>
    /// <param name="inputs">The cluster of each row of the input; null for no information about the input.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are fewer than 4 rows, or the numbers of rows differ.</exception>
    public EntropyTracker(RowClasses labels, RowClasses? inputs = null, TrackingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Indexes.Count < 4)
            throw new ArgumentException($"{labels.Indexes.Count} rows are too few to track; give some hundreds.", nameof(labels));
        if (inputs is not null && inputs.Indexes.Count != labels.Indexes.Count)
            throw new ArgumentException(
                $"{inputs.Indexes.Count} clusters do not fit {labels.Indexes.Count} labels; give every row one.",
                nameof(inputs)
            );
        (_labels, _inputs, _options) = (labels, inputs, options ?? new());
        _all = [.. Enumerable.Range(0, labels.Indexes.Count)];
    }

    /// <summary>
    /// Measures one representation. If more than half of the rows are equal, there is no median distance, and the figures at it are left
    /// out.
    /// </summary>
    /// <param name="rows">The rows, in the order of the labels.</param>
    /// <exception cref="ArgumentException">The number of rows is another.</exception>
    public IReadOnlyList<TrackedEntropy> Measure(FeatureMatrix rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.RowCount != _all.Length)
            throw new ArgumentException($"{rows.RowCount} rows do not fit {_all.Length} labels; give every row one.", nameof(rows));
        Libtorch.Require();
        using var scope = NewDisposeScope();
        var squared = Distances.Squared(rows);
        var median = MedianOfPairs(squared);
        // If most rows are nearly equal, products of rows lose the digits that the median distance is made of.
        if (median < _options.Sigma && !Suffices(rows, median))
        {
            squared = Differences(rows);
            median = MedianOfPairs(squared);
        }
        return [.. _options.Bandwidths.Distinct().Select(OfBandwidth).OfType<TrackedEntropy>()];

        TrackedEntropy? OfBandwidth(TrackedBandwidth bandwidth) =>
            bandwidth switch
            {
                TrackedBandwidth.Fixed => At(bandwidth, squared, _options.Sigma, median),
                TrackedBandwidth.SqrtDimension => At(bandwidth, OfZScores(rows), Math.Sqrt(rows.Dimension), median),
                TrackedBandwidth.MedianDistance => median > 0 ? At(bandwidth, squared, median, median) : null,
                _ => throw new ArgumentOutOfRangeException(nameof(rows), bandwidth, "Unknown bandwidth."),
            };
    }

    TrackedEntropy At(TrackedBandwidth bandwidth, Tensor squared, double sigma, double median)
    {
        using var entropies = new AffinityEntropies(squared, sigma, _options.Power, _options.Repetitions, _options.Seed);
        var entropy = entropies.Of(_all);
        var information = entropies.Information(_all, _labels.Indexes);
        double[] permuted =
        [
            .. Enumerable.Range(0, _options.Permutations).Select(permutation => entropies.Information(_all, Permuted(permutation))),
        ];
        return new(bandwidth, sigma, median, entropy, information, _inputs is null ? null : entropies.Information(_all, _inputs.Indexes))
        {
            DseInterval = Interval(entropy, entropies.Of),
            LabelDsmiInterval = Interval(
                information,
                sample => entropies.Information(sample, Array.ConvertAll(sample, row => _labels.Indexes[row]))
            ),
            NullMean = permuted.Length == 0 ? null : permuted.Average(),
            NullDeviation = permuted.Length < 2 ? null : Deviation(permuted),
        };
    }

    static Tensor OfZScores(FeatureMatrix rows)
    {
        var scaled = rows.Scale(FeatureScaling.ZScore);
        return Suffices(scaled, Math.Sqrt(rows.Dimension)) ? Distances.Squared(scaled) : Differences(scaled);
    }

    static bool Suffices(FeatureMatrix rows, double sigma)
    {
        using var centred = Distances.Centred(rows, ScalarType.Float64);
        return Distances.ProductsSuffice(centred, sigma);
    }

    static Tensor Differences(FeatureMatrix rows)
    {
        using var centred = Distances.Centred(rows, ScalarType.Float64);
        using var distances = Distances.Differences(centred);
        return distances.square();
    }

    SubsamplingInterval? Interval(double figure, Func<int[], double> ofSubsample) =>
        _options.Subsamples == 0 ? null : SubsamplingInterval.Around(figure, _all.Length, ofSubsample, _options.Subsamples, _options.Seed);

    int[] Permuted(int permutation)
    {
        int[] classes = [.. _labels.Indexes];
        new Random(unchecked(_options.Seed + permutation)).Shuffle(classes);
        return classes;
    }

    static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    static double MedianOfPairs(Tensor squared)
    {
        var count = squared.shape[0];
        var places = triu_indices(count, count, 1);
        var pairs = squared.flatten().index_select(0, places[0] * count + places[1]).data<double>().ToArray();
        Array.Sort(pairs);
        return (Math.Sqrt(pairs[(pairs.Length - 1) / 2]) + Math.Sqrt(pairs[pairs.Length / 2])) / 2;
    }
}
