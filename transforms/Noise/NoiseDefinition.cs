namespace NoisyNN.Transforms.Noise;

/// <summary>
/// A noise that you can use on a column of a data view, inside a network, or in an ONNX graph. It is immutable and equal by value. Its
/// options are checked on construction and by <c>with</c>.
/// </summary>
public abstract record NoiseDefinition
{
    private protected NoiseDefinition() { }

    /// <summary>The family's name in kebab-case, as experiment files and reports spell it.</summary>
    public abstract string Name { get; }

    /// <summary>The axis that is mixed; null for noise that acts on each element separately.</summary>
    public MixAxis? Axis => MixedAxis;

    /// <summary>Whether a row's result depends on which rows share its batch.</summary>
    public bool IsTransductive => Axis is MixAxis.Batch;

    /// <summary>The entropy change of the task by this noise in nats, in closed form, as far as it does not depend on data.</summary>
    /// <param name="size">k, the number of rows, tokens, pixel rows or channels that are mixed. It has no effect on element
    /// noise.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">A linear transform that is singular at this size.</exception>
    public abstract NoiseEntropyChange EntropyChange(int size);

    /// <summary>The entropy change of the task in nats, for a jointly Gaussian signal and label with the given covariance.</summary>
    /// <param name="covariance">Covariance of the signal that the noise is put on and of the label.</param>
    /// <exception cref="NotSupportedException">The family has no closed form for Gaussian signals.</exception>
    public virtual NoiseEntropyChange EntropyChange(JointCovariance covariance) =>
        throw new NotSupportedException(
            $"{Name} noise has no closed form for jointly Gaussian signal and label; "
                + "EntropyChange(size) gives what the noise alone determines."
        );

    internal abstract NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions);

    /// <summary>Why rows of this shape cannot take the noise, as the end of a sentence; null if they can.</summary>
    internal virtual string? Misfit(ReadOnlySpan<int> dimensions) => null;

    /// <summary>
    /// Whether fewer than one value in a thousand moves by half a step, so that nothing is left where values are rounded to steps. Noise of
    /// strength 0 is meant to do nothing, and is not lost.
    /// </summary>
    /// <param name="step">In units of the signal; above 0.</param>
    internal virtual bool IsLostInRounding(double step) => false;

    private protected virtual MixAxis? MixedAxis => null;

    /// <summary>A value for the parameter of this name, within the range that the parameter declares.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not within the range.</exception>
    private protected static double Within<TNoise>(double value, string remedy, string name)
        where TNoise : NoiseDefinition =>
        DeclaredRange.Of(typeof(TNoise), name).IsValid(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value:R}. {remedy}");
}
