namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>A measured entropy and, with labels, mutual information, with every setting that decides the figures.</summary>
public sealed record EntropyReport
{
    /// <summary>The unit of <see cref="Dse"/>, <see cref="Dsmi"/> and all other figures of entropy.</summary>
    public string Unit { get; } = "bits";

    /// <summary>The entropy of the rows: diffusion spectral entropy, or the entropy of another <see cref="Mode"/>.</summary>
    public required double Dse { get; init; }

    /// <summary>The mutual information with the classes; null without labels. It may be below 0.</summary>
    public double? Dsmi { get; init; }

    /// <summary>
    /// A 95 % interval for the expected entropy of <see cref="Rows"/> new rows from the same source; null if it was not requested.
    /// </summary>
    public SubsamplingInterval? DseInterval { get; init; }

    /// <summary>A 95 % interval for the expected mutual information of <see cref="Rows"/> new rows from the same source.</summary>
    public SubsamplingInterval? DsmiInterval { get; init; }

    /// <summary>The largest distance of <see cref="Dse"/> from the exact figure; null if it is exact.</summary>
    public double? DseErrorBound { get; init; }

    /// <summary>The largest distance of <see cref="Dsmi"/> from the exact figure; null if it is exact.</summary>
    public double? DsmiErrorBound { get; init; }

    /// <summary>The distribution whose entropy was measured.</summary>
    public required EntropyMode Mode { get; init; }

    /// <summary>t; 1 if the mode has none.</summary>
    public required double Power { get; init; }

    /// <summary>k, if the mode or the rule for σ uses nearest neighbours.</summary>
    public int? Neighbors { get; init; }

    /// <summary>Bins per dimension, if the mode has them.</summary>
    public int? Bins { get; init; }

    /// <summary>Random subsets that a class is compared with; null without labels.</summary>
    public int? Repetitions { get; init; }

    /// <summary>The rule for σ.</summary>
    public required string BandwidthRule { get; init; }

    /// <summary>
    /// σ, in units of the scaled features. With an adaptive bandwidth it is the median over the rows. Null if the mode has none.
    /// </summary>
    public double? Sigma { get; init; }

    /// <summary>The scaling of the features before the measurement.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>N, the number of measured rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of all rows; more than <see cref="Rows"/> if these are a sample.</summary>
    public required int TotalRows { get; init; }

    /// <summary>D.</summary>
    public required int Dimension { get; init; }

    /// <summary>The seed of all random numbers.</summary>
    public required int Seed { get; init; }

    /// <summary>The arithmetic.</summary>
    public required EntropyPrecision Precision { get; init; }

    /// <summary>The pieces of the mutual information; empty without labels.</summary>
    public IReadOnlyList<ClassEntropy> Classes { get; init; } = [];

    /// <summary>Notes on the figures: samples that were taken, labels that were divided into bins, small classes.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// A line for the entropy, one for the mutual information and each of its classes, one for what decides the figures, and the notes.
    /// </summary>
    public override string ToString() => string.Join(Environment.NewLine, Lines());

    IEnumerable<string> Lines()
    {
        yield return Figure($"{Mode} entropy", Dse, DseInterval, DseErrorBound);
        if (Dsmi is { } information)
            yield return Figure("mutual information with the classes", information, DsmiInterval, DsmiErrorBound);
        foreach (var one in Classes)
            yield return $"  {one}";
        var rows = Rows == TotalRows ? $"{Rows}" : $"{Rows} of {TotalRows}";
        var sigma = Sigma is { } value ? FormattableString.Invariant($", sigma {value:0.####} ({BandwidthRule})") : "";
        yield return FormattableString.Invariant(
            $"{rows} rows of {Dimension} features, scaling {Scaling}, power {Power:0.####}{sigma}, {Precision} precision, seed {Seed}"
        );
        foreach (var note in Notes)
            yield return $"note: {note}";
    }

    string Figure(string name, double value, SubsamplingInterval? interval, double? bound) =>
        FormattableString.Invariant($"{name}: {value:0.0000} {Unit}")
        + (interval is null ? "" : $" ({interval})")
        + (bound is { } most ? FormattableString.Invariant($", at most {most:0.0000} off") : "");
}
