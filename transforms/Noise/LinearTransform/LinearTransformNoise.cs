namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// Linear transform noise: ε = QZ, so that Z' = (I+Q)Z, with a fixed square "quality matrix" Q over k mixed rows. NoisyNN (arXiv
/// 2309.10625).
/// </summary>
/// <param name="Axis">The axis of the k rows.</param>
/// <exception cref="ArgumentOutOfRangeException">An unknown axis.</exception>
public abstract partial record LinearTransformNoise(MixAxis Axis) : NoiseDefinition
{
    /// <summary>
    /// Largest condition number of I+Q that is accepted. The determinant is not a usable criterion: for large k it underflows although the
    /// matrix is harmless.
    /// </summary>
    public const double MaximumConditionNumber = 1e6;

    /// <summary>The axis that is mixed.</summary>
    public new MixAxis Axis
    {
        get;
        init => field = DefinedValue.Require(value);
    } = DefinedValue.Require(Axis);

    private protected sealed override MixAxis? MixedAxis => Axis;

    /// <summary>Largest over smallest singular value of I+Q over <paramref name="size"/> rows; infinite for a singular matrix.</summary>
    public abstract double ConditionNumber(int size);

    /// <summary>log |det(I+Q)| over <paramref name="size"/> rows, in nats; minus infinity for a singular matrix.</summary>
    public abstract double LogAbsDeterminant(int size);

    /// <summary>I+Q over <paramref name="size"/> rows as an array. Applying the noise does not need it.</summary>
    public abstract double[,] ToMatrix(int size);

    /// <summary>Refuses a size over which I+Q has no usable inverse: it would destroy information, not transform it.</summary>
    /// <exception cref="InvalidOperationException">The condition number exceeds <see cref="MaximumConditionNumber"/>.</exception>
    public void ThrowIfSingular(int size)
    {
        var condition = ConditionNumber(size);
        if (condition > MaximumConditionNumber)
        {
            throw new InvalidOperationException(
                $"{Description} over {size} {Mixed} is {(double.IsInfinity(condition) ? "singular" : "ill-conditioned")}: the "
                    + "condition number of I+Q is "
                    + $"{condition:0.###e+0}, the limit is {MaximumConditionNumber:0e+0}. {Remedy(size)}"
            );
        }
    }

    /// <summary>
    /// Mixes along the axis in place. The block consists of slabs of <paramref name="size"/> rows of <paramref name="inner"/> floats,
    /// which are mixed separately.
    /// </summary>
    internal abstract void Mix(Span<float> block, int size, int inner);

    /// <summary>
    /// The number of rows of a shape along the axis, and the number of contiguous floats of each; null if it lacks the axis.
    /// </summary>
    internal (int Size, int Inner)? Locate(ReadOnlySpan<int> dimensions)
    {
        if (dimensions is [var depth, var height, var width] && Axis is MixAxis.SpatialRows or MixAxis.Channels)
            return Axis is MixAxis.SpatialRows ? (height, width) : (depth, height * width);
        if (dimensions is [var tokens, var channels] && Axis is MixAxis.Tokens or MixAxis.Channels)
            return Axis is MixAxis.Tokens ? (tokens, channels) : (channels, 1);
        return null;
    }

    internal sealed override string? Misfit(ReadOnlySpan<int> dimensions) =>
        Axis is MixAxis.Batch ? null
        : Locate(dimensions) is { } place ? SizeMisfit(place.Size)
        : $"{Name} noise mixes the axis {Axis}, which a row of shape [{string.Join(", ", dimensions.ToArray())}] lacks. "
            + "SpatialRows needs [channels, height, width], Tokens [tokens, channels], Channels either of them; Batch suits any shape.";

    internal sealed override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) => new LinearTransformKernel(this, dimensions);

    /// <summary>The noise and its strength, as the subject of a sentence.</summary>
    private protected abstract string Description { get; }

    private protected abstract string Remedy(int size);

    /// <summary>Why the noise cannot mix this many rows, as a sentence; null if it can.</summary>
    private protected virtual string? SizeMisfit(int size) => null;

    private protected string Mixed =>
        Axis switch
        {
            MixAxis.Batch => "rows of a batch",
            MixAxis.Tokens => "tokens",
            MixAxis.SpatialRows => "pixel rows",
            _ => "channels",
        };
}
