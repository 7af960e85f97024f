using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// Shannon's information of X in equal-width bins of every dimension: H(bins) - Σ (n_c/N) H(bins | c). In more than a few dimensions nearly
/// every row has a bin of its own. The figure is then H(Y), even where X tells nothing about Y.
/// </summary>
public sealed record BinnedInformation : InformationEstimator
{
    /// <summary>Bins of every dimension.</summary>
    public int Bins
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Bins), value, "Bins must be at least 2.");
    } = 2;

    /// <inheritdoc/>
    public override string Name => "binned";

    /// <inheritdoc/>
    public override string Description => $"Shannon in {Bins} bins a dimension; saturates at H(Y)";

    /// <inheritdoc/>
    public override double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var codes = ClassicShannon.Codes(rows.Features, Bins);
        var classes = rows.Classes.Indexes;
        var within = codes.Index().GroupBy(row => classes[row.Index], row => row.Item);
        return ClassicShannon.Entropy(codes)
            - within.Sum(members => (double)members.Count() / codes.Count * ClassicShannon.Entropy([.. members]));
    }
}
