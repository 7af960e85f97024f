using System.Runtime.CompilerServices;

namespace NoisyNN.Transforms.Entropy;

/// <summary>How an entropy is measured. The defaults are the reference's, save for the bandwidth: see <see cref="Bandwidth"/>.</summary>
public sealed record EntropyOptions
{
    /// <summary>The rows that an exact measurement takes where <see cref="MaxRows"/> says nothing: as the reference.</summary>
    public const int DefaultMaxRows = 10_000;

    /// <summary>Which distribution the entropy is taken of.</summary>
    public EntropyMode Mode
    {
        get;
        init => field = DefinedValue.Require(value);
    } = EntropyMode.Spectral;

    /// <summary>
    /// The rule for σ; by default the median distance, as a fixed number means nothing for features of any scale. The reference's is
    /// <c>Bandwidth.Of(10)</c>.
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

    /// <summary>What is done to the features before distances are taken.</summary>
    public FeatureScaling Scaling
    {
        get;
        init => field = DefinedValue.Require(value);
    } = FeatureScaling.None;

    /// <summary>
    /// More rows than these are sampled without replacement, as the reference does it; null for 10,000, and for all rows where
    /// <see cref="IsApproximate"/>.
    /// </summary>
    public int? MaxRows
    {
        get;
        init => field = value is null ? null : AtLeast(value.Value, 2);
    }

    /// <summary>Of all random numbers; the reference's is 0.</summary>
    public int Seed { get; init; }

    /// <summary>k of <see cref="EntropyMode.NeighborAdjacency"/>, the row itself counted.</summary>
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

    /// <summary>Classes that a continuous reference is divided into, by bins or by clustering.</summary>
    public int Clusters
    {
        get;
        init => field = AtLeast(value, 2);
    } = 10;

    /// <summary>Random subsets of the size of each class that its entropy is compared with.</summary>
    public int Repetitions
    {
        get;
        init => field = AtLeast(value, 1);
    } = 5;

    /// <summary>float64, or float32 where 1e-5 bit is enough.</summary>
    public EntropyPrecision Precision
    {
        get;
        init => field = DefinedValue.Require(value);
    } = EntropyPrecision.Double;

    /// <summary>
    /// Whether 1,000 rows and more are measured by an approximation, which has a bound for its error, takes a tenth of the time at 4,000
    /// rows, and the memory of the rows alone. For the modes Spectral and AnisotropicAdjacency at a power of at least 1, with one σ for all
    /// rows.
    /// </summary>
    public bool IsApproximate { get; init; }

    /// <summary>
    /// Subsamples that the 95 % intervals are made of, such as 100; 0 for no intervals. Each is a measurement of nine tenths of the rows,
    /// of 999 at most.
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
                    "An interval needs at least 20 subsamples; 0 is for none."
                );
    }

    /// <exception cref="ArgumentException">Options that exclude each other.</exception>
    internal void Validate()
    {
        if (!IsApproximate)
            return;
        if (Mode is not (EntropyMode.Spectral or EntropyMode.AnisotropicAdjacency))
            throw new ArgumentException(
                $"The approximation is of eigenvalues of the diffusion matrix, which the mode {Mode} has none of; measure it exactly."
            );
        if (Mode == EntropyMode.Spectral && Power < 1)
            throw new ArgumentException($"The approximation needs a power of at least 1, not {Power}; measure it exactly.");
        if (Bandwidth.Neighbors is not null)
            throw new ArgumentException(
                "The approximation needs one bandwidth for all rows, not the adaptive one; take another rule or measure exactly."
            );
    }

    static int AtLeast(int value, int minimum, [CallerMemberName] string name = "") =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");

    static double Positive(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a positive number, such as 1.");
}
