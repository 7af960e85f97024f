using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms;

namespace NoisyNN.Models.Training;

/// <summary>
/// Self-supervised training by SimCLR (Chen et al., arXiv 2002.05709): the body of a classifier learns to tell two views of an image from
/// those of all other images of a batch. The head learns the classes beside it, as a linear probe whose gradient does not reach the body.
/// Immutable; checked on construction and by <c>with</c>.
/// </summary>
/// <param name="Temperature">τ, which divides the similarities of codes.</param>
/// <param name="ProjectionDimension">The length of a code, and the width of the hidden layer before it. The projection is not kept.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed record SimClr([Range(0.01, 100.0)] double Temperature = 0.5, [Range(1, 65_536)] int ProjectionDimension = 64)
{
    /// <summary>τ, which divides the similarities of codes.</summary>
    public double Temperature
    {
        get;
        init => field = Within(value, nameof(Temperature));
    } = Within(Temperature, nameof(Temperature));

    /// <summary>The length of a code.</summary>
    public int ProjectionDimension
    {
        get;
        init => field = Within(value, nameof(ProjectionDimension));
    } = Within(ProjectionDimension, nameof(ProjectionDimension));

    static T Within<T>(T value, string name)
        where T : struct => DeclaredRange.Require(typeof(SimClr), value, name);
}
