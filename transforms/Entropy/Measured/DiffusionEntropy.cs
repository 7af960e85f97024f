using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>
/// Measures the entropy of feature vectors: diffusion spectral entropy (DSE) and diffusion spectral mutual information (DSMI). It computes
/// them as the package of their authors does: Liao, Liu et al., "Assessing Neural Network Representations During Training Using
/// Noise-Resilient Diffusion Spectral Entropy" (CISS 2024).
/// </summary>
public static class DiffusionEntropy
{
    /// <summary>Measures rows in memory.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classes">Their classes, for the mutual information.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ArgumentException">The classes do not fit, or there are too few rows for the options.</exception>
    public static EntropyReport Measure(
        FeatureMatrix rows,
        RowClasses? classes = null,
        EntropyOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new();
        options.Validate();
        if (classes is not null && classes.Indexes.Count != rows.RowCount)
            throw new ArgumentException(
                $"{classes.Indexes.Count} labels do not fit {rows.RowCount} rows; give every row one.",
                nameof(classes)
            );

        var notes = new List<string>();
        var (total, limit) = (rows.RowCount, options.MaxRows ?? (options.IsApproximate ? int.MaxValue : EntropyOptions.DefaultMaxRows));
        if (total > limit)
        {
            var sample = new PythonRandom(options.Seed).Sample(total, limit);
            (rows, classes) = (rows.Select(sample), classes?.Select(sample));
            notes.Add($"{limit} of {total} rows, drawn without replacement with seed {options.Seed}");
        }

        if (options.Subsamples > 0 && rows.RowCount < 4)
            throw new ArgumentException(
                $"{rows.RowCount} rows are too few for the subsamples of an interval; at least 4 are needed, and some dozens are useful.",
                nameof(rows)
            );
        var prepared = KernelRows.Prepare(rows, options);
        var measure = new EntropyMeasure(options, cancellation);
        var entropy = measure.Of(prepared);
        var (information, pieces) = classes is null
            ? (default(MeasuredEntropy?), (IReadOnlyList<ClassEntropy>)[])
            : MutualInformation.Measure(prepared, classes, measure.Of, options.Repetitions, options.Seed);
        notes.AddRange(Remarks(classes, pieces));
        if (options is { Mode: EntropyMode.Spectral, Power: < 1 })
            notes.Add("a power below 1 raises eigenvalues as small as rounding, so other machines give other digits from the third on");
        if (options.Subsamples > 0 && prepared.CountSmallClusters(options.Seed) is > 0 and var small)
            notes.Add(
                $"clusters with less than a tenth of the rows are seen at this bandwidth ({small}); a subsample can lose them, so that the "
                    + "intervals can be far too short"
            );
        return new()
        {
            Dse = entropy.Bits,
            Dsmi = information?.Bits,
            DseInterval = Interval(entropy.Bits, subsample => measure.Of(prepared.Select(subsample)).Bits),
            DsmiInterval =
                classes is null || pieces.Count == 1
                    ? null
                    : Interval(
                        information!.Value.Bits,
                        subsample =>
                            MutualInformation
                                .Measure(
                                    prepared.Select(subsample),
                                    classes.Select(subsample),
                                    measure.Of,
                                    options.Repetitions,
                                    options.Seed
                                )
                                .Information.Bits
                    ),
            DseErrorBound = entropy.Bound > 0 ? entropy.Bound : null,
            DsmiErrorBound = information?.Bound > 0 ? information?.Bound : null,
            Mode = options.Mode,
            Power = options.Mode == EntropyMode.Spectral ? options.Power : 1,
            Neighbors =
                options.Mode == EntropyMode.NeighborAdjacency ? options.Neighbors
                : double.IsNaN(prepared.Sigma) ? null
                : options.Bandwidth.Neighbors,
            Bins = options.Mode == EntropyMode.ClassicShannon ? options.Bins : null,
            Repetitions = classes is null ? null : options.Repetitions,
            BandwidthRule = options.Bandwidth.Rule,
            Sigma = double.IsNaN(prepared.Sigma) ? null : prepared.Sigma,
            Scaling = options.Scaling,
            Rows = rows.RowCount,
            TotalRows = total,
            Dimension = rows.Dimension,
            Seed = options.Seed,
            Precision = options.Precision,
            Classes = pieces,
            Notes = notes,
        };

        SubsamplingInterval? Interval(double figure, Func<int[], double> ofSubsample) =>
            options.Subsamples == 0
                ? null
                : SubsamplingInterval.Around(figure, rows.RowCount, ofSubsample, options.Subsamples, options.Seed);
    }

    static IEnumerable<string> Remarks(RowClasses? classes, IReadOnlyList<ClassEntropy> pieces)
    {
        if (classes is null)
            yield break;
        if (classes.Origin != "labels")
            yield return $"classes are {classes.Origin}";
        if (pieces.Count == 1)
            yield return $"all rows are of one class, '{pieces[0].Name}', so the mutual information is 0";
        if (pieces.Count(piece => piece.Rows == 1) is > 0 and var single)
            yield return $"{single} of {pieces.Count} classes have one row; they add nothing, because one row has no entropy";
    }
}
