using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.SaltAndPepper;

/// <summary>
/// Salt and pepper: with probability p/2 each, an element becomes the largest (salt) or the smallest (pepper) value of its own row. With
/// <see cref="Extremes"/> it becomes one of two given values, which is impulse noise.
/// </summary>
/// <remarks>
/// The authors' published code takes the extremes of the whole batch, which makes a row depend on its neighbours. Here they are the row's
/// own.
/// </remarks>
/// <param name="Probability">p, from 0 to 1.</param>
/// <param name="Extremes">Pepper and salt in units of the signal, such as <see cref="ValueRange.Pixels"/>; null for each row's own.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record SaltAndPepperNoise([Range(0.0, 1.0)] double Probability, ValueRange? Extremes = null) : NoiseDefinition
{
    /// <inheritdoc/>
    public override string Name => "salt-and-pepper";

    /// <summary>p, the probability that an element is replaced.</summary>
    public double Probability
    {
        get;
        init => field = Require(value);
    } = Require(Probability);

    /// <summary>The values of pepper (low) and salt (high); null for each row's own extremes.</summary>
    public ValueRange? Extremes { get; init; } = Extremes;

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) => new SaltAndPepperKernel(this, dimensions);

    static double Require(double value) => Within<SaltAndPepperNoise>(value, "Give a probability from 0 to 1.", nameof(Probability));
}
