using System.Runtime.CompilerServices;

namespace NoisyNN.Transforms.Entropy;

/// <summary>The settings of a measurement. The defaults are those of the reference, except for the bandwidth: see
/// <see cref="Bandwidth"/>.</summary>
public sealed record EntropyOptions
{
    /// <summary>The most rows of an exact measurement if <see cref="MaxRows"/> is null, as in the reference.</summary>
    public const int DefaultMaxRows = 10_000;

    /// <summary>The distribution whose entropy is measured.</summary>
    public EntropyMode Mode
    {
        get;
        init => field = DefinedValue.Require(value);
    } = EntropyMode.Spectral;

    /// <summary>
    /// The rule for σ. The default is the median distance, because a fixed number has no meaning for features of any scale. The reference's
    /// rule is <c>Bandwidth.Of(10)</c>.
    /// </summary>
    public Bandwidth Bandwidth
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Bandwidth));
    } = Bandwidth.MedianDistance;

    /// <summary>t, the power of the eigenvalues: the steps of the diffusion. Only <see cref="EntropyMode.Spectral"/> has one.</summary>
    public double Power
    {
        get;
        init => field = Positive(value);
    } = 1;

    /// <summary>The scaling of the features before distances are taken.</summary>
    public FeatureScaling Scaling
    {
        get;
        init => field = DefinedValue.Require(value);
    } = FeatureScaling.None;

    /// <summary>
    /// If there are more rows, this many are sampled without replacement, as in the reference. Null means 10,000, or all rows with
    /// <see cref="IsApproximate"/>.
    /// </summary>
    public int? MaxRows
    {
        get;
        init => field = value is null ? null : AtLeast(value.Value, 2);
    }

    /// <summary>The seed of all random numbers; the reference's is 0.</summary>
    public int Seed { get; init; }

    /// <summary>k of <see cref="EntropyMode.NeighborAdjacency"/>, including the row itself.</summary>
    public int Neighbors
    {
        get;
        init => field = AtLeast(value, 1);
    } = 10;

    /// <summary>Bins of every dimension for <see cref="EntropyMode.ClassicShannon"/>.</summary>
    public int Bins
    {
        get;
        init => field = AtLeast(value, 1);
    } = 2;

    /// <summary>The number of classes that a continuous reference is divided into, by bins or by clustering.</summary>
    public int Clusters
    {
        get;
        init => field = AtLeast(value, 2);
    } = 10;

    /// <summary>The number of random subsets, of the size of each class, that its entropy is compared with.</summary>
    public int Repetitions
    {
        get;
        init => field = AtLeast(value, 1);
    } = 5;

    /// <summary>float64, or float32 if 1e-5 bit is accurate enough.</summary>
    public EntropyPrecision Precision
    {
        get;
        init => field = DefinedValue.Require(value);
    } = EntropyPrecision.Double;

    /// <summary>
    /// Whether 1,000 rows and more are measured by an approximation with a bound for its error. It takes a tenth of the time at 4,000 rows,
    /// and only the memory of the rows. It supports the modes Spectral and AnisotropicAdjacency at a power of at least 1, with one σ for
    /// all rows.
    /// </summary>
    public bool IsApproximate { get; init; }

    /// <summary>
    /// The number of subsamples for the 95 % intervals, such as 100; 0 for no intervals. Each subsample is a measurement of nine tenths of
    /// the rows, 999 at most.
    /// </summary>
    public int Subsamples
    {
        get;
        init =>
            field = value is 0 or >= 20
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(Subsamples),
                    value,
                    "An interval needs at least 20 subsamples; 0 means no interval."
                );
    }

    /// <exception cref="ArgumentException">Options exclude each other.</exception>
    internal void Validate()
    {
        if (!IsApproximate)
            return;
        if (Mode is not (EntropyMode.Spectral or EntropyMode.AnisotropicAdjacency))
            throw new ArgumentException(
                $"The approximation needs eigenvalues of the diffusion matrix, which the mode {Mode} does not have; measure it exactly."
            );
        if (Mode == EntropyMode.Spectral && Power < 1)
            throw new ArgumentException($"The approximation needs a power of at least 1, not {Power}; measure it exactly.");
        if (Bandwidth.Neighbors is not null)
            throw new ArgumentException(
                "The approximation needs one bandwidth for all rows, not the adaptive one; use another rule or measure exactly."
            );
    }

    static int AtLeast(int value, int minimum, [CallerMemberName] string name = "") =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");

    static double Positive(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a positive number, such as 1.");
}
