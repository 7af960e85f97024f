using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>
/// A member of the family aI + (1-a)/k 11ᵀ, 0 &lt; a &lt; 1, which refutes the theorem that (I + 11ᵀ)/(k+1) is the optimal mixing.
/// </summary>
/// <remarks>
/// NoisyNN (arXiv 2309.10625) maximises -log |det(I+Q)| under three constraints: full rank, no row weighs another row above itself, and
/// each row's weights have magnitudes that sum to 1. Every member meets them. Its eigenvalues are 1 (once) and a, so its change is
/// -(k-1) log a. The claimed optimum is the member with a = 1/(k+1). The change grows without bound as a falls to 0, where every row
/// becomes the mean of all.
/// </remarks>
/// <param name="Size">k, the number of rows that are mixed; at least 2.</param>
/// <param name="OwnWeight">a, between 0 and 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record OptimalityCounterexample(int Size, double OwnWeight)
{
    /// <summary>The conclusion from the family, in words.</summary>
    public const string Statement =
        "No mixing is optimal. Each of these meets the theorem's conditions: it has full "
        + "rank, no row weighs another row above itself, and weights sum to 1. "
        + "Yet the paper's change grows without bound as a falls to 0, where every row is the mean of all. None of them "
        + "adds label information: the consistent change is 0.";

    /// <summary>k, the number of rows that are mixed.</summary>
    public int Size
    {
        get;
        init => field = RequireSize(value);
    } = RequireSize(Size);

    /// <summary>a, the eigenvalue of every direction but the mean.</summary>
    public double OwnWeight
    {
        get;
        init => field = RequireWeight(value);
    } = RequireWeight(OwnWeight);

    /// <summary>
    /// The largest change of the paper's entropy by a mixing of k rows, as the theorem claims it: (k-1) log(k+1), in nats.
    /// </summary>
    public double ClaimedMaximum => (Size - 1) * Math.Log(Size + 1.0);

    /// <summary>The paper's change by this mixing in nats, -(k-1) log a. Its limit as a falls to 0 is infinite.</summary>
    public double Paper => -(Size - 1) * Math.Log(OwnWeight);

    /// <summary>Both bookkeepings: the consistent one is 0, since the mixing is invertible.</summary>
    public NoiseEntropyChange Change =>
        new("counterexample", "nats per mixed feature")
        {
            Size = Size,
            Paper = Paper,
            Conditional = 0,
        };

    /// <summary>Largest over smallest singular value, 1/a.</summary>
    public double ConditionNumber => 1 / OwnWeight;

    /// <summary>
    /// Whether a noise with this mixing would be accepted, or refused as ill-conditioned. Only the arithmetic limits the figure.
    /// </summary>
    public bool IsWellConditioned => ConditionNumber <= LinearTransformNoise.MaximumConditionNumber;

    /// <summary>Whether the change exceeds the claimed maximum.</summary>
    public bool RefutesTheorem => Paper > ClaimedMaximum;

    /// <summary>The member that the theorem calls optimal, a = 1/(k+1).</summary>
    public static OptimalityCounterexample ClaimedOptimum(int size) => new(size, 1.0 / (RequireSize(size) + 1));

    /// <summary>The member with a given change, however large (until the weight underflows).</summary>
    /// <param name="size">k, at least 2.</param>
    /// <param name="change">The paper's change to reach, in nats; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 2, the change is not above 0, or its weight underflows.</exception>
    public static OptimalityCounterexample Reaching(int size, double change) => new(size, Math.Exp(-change / (RequireSize(size) - 1)));

    /// <summary>The k by k matrix.</summary>
    public double[,] ToMatrix()
    {
        var matrix = new double[Size, Size];
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
                matrix[row, column] = (1 - OwnWeight) / Size + (row == column ? OwnWeight : 0);
        }
        return matrix;
    }

    static int RequireSize(int size) =>
        size >= 2
            ? size
            : throw new ArgumentOutOfRangeException(
                nameof(size),
                size,
                $"Size is {size}. Mix at least 2 rows; one row mixes with nothing."
            );

    static double RequireWeight(double ownWeight) =>
        ownWeight is > 0 and < 1
            ? ownWeight
            : throw new ArgumentOutOfRangeException(
                nameof(ownWeight),
                ownWeight,
                $"OwnWeight is {ownWeight:R}. Give a number between 0 and 1, both excluded."
            );
}
