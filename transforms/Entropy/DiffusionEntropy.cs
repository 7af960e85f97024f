using NoisyNN.Transforms.Entropy.Sampling;

namespace NoisyNN.Transforms.Entropy;

/// <summary>
/// Measured entropy of a cloud of feature vectors: diffusion spectral entropy (DSE) and diffusion spectral mutual information (DSMI), Liao, Liu et al.,
/// "Assessing Neural Network Representations During Training Using Noise-Resilient Diffusion Spectral Entropy" (CISS 2024), as their package computes them.
/// </summary>
public static class DiffusionEntropy
{
    /// <summary>Measures rows in memory.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classes">Their classes, for the mutual information.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The classes do not fit, or the options ask for more than the rows give.</exception>
    public static EntropyReport Measure(FeatureMatrix rows, RowClasses? classes = null, EntropyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new();
        if (classes is not null && classes.Indexes.Count != rows.RowCount)
            throw new ArgumentException($"{classes.Indexes.Count} labels do not fit {rows.RowCount} rows; give every row one.", nameof(classes));

        var notes = new List<string>();
        var (total, limit) = (rows.RowCount, options.MaxRows ?? EntropyOptions.DefaultMaxRows);
        if (total > limit)
        {
            var sample = new PythonRandom(options.Seed).Sample(total, limit);
            (rows, classes) = (rows.Select(sample), classes?.Select(sample));
            notes.Add($"{limit} of {total} rows, drawn without replacement with seed {options.Seed}");
        }

        var prepared = KernelRows.Prepare(rows, options);
        var measure = new EntropyMeasure(options);
        var entropy = measure.Of(prepared);
        var (information, pieces) = classes is null
            ? ((double?)null, (IReadOnlyList<ClassEntropy>)[])
            : MutualInformation.Measure(prepared, classes, measure.Of, options.Repetitions, options.Seed);
        notes.AddRange(Remarks(classes, pieces));
        return new()
        {
            Dse = entropy,
            Dsmi = information,
            Mode = options.Mode,
            Power = options.Mode == EntropyMode.Spectral ? options.Power : 1,
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
    }

    private static IEnumerable<string> Remarks(RowClasses? classes, IReadOnlyList<ClassEntropy> pieces)
    {
        if (classes is null)
            yield break;
        if (classes.Origin != "labels")
            yield return $"classes are {classes.Origin}";
        if (pieces.Count == 1)
            yield return $"all rows are of one class, '{pieces[0].Name}': it tells nothing, the mutual information is 0";
        if (pieces.Count(piece => piece.Rows == 1) is > 0 and var single)
            yield return $"{single} of {pieces.Count} classes have one row; these add nothing, as one row has no entropy";
    }
}
