using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>
/// A change of an image that leaves its class as it is, at a random place. The place is known, so that one can measure what a
/// representation still tells about it. A nuisance validates itself, and is immutable.
/// </summary>
/// <remarks>
/// The result is a function of the seed, the row's id and the image: a row has the same nuisance at every pass, under any cursor. Pixels
/// are planar, <c>[channels, height, width]</c>, 0 to 255.
/// </remarks>
public abstract record NuisanceDefinition
{
    private protected NuisanceDefinition() { }

    /// <summary>The name in kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it takes pixels from other images.</summary>
    public abstract bool TakesOtherImages { get; }

    /// <summary>The size of the result for images of a size.</summary>
    /// <exception cref="ArgumentException">The nuisance does not fit images of that size.</exception>
    public abstract ImageShape ShapeOf(ImageShape image);

    /// <summary>Writes the image with the nuisance.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shape">Its size, which fits.</param>
    /// <param name="others">Images to take pixels from; at least one if <see cref="TakesOtherImages"/>.</param>
    /// <param name="random">The row's random numbers.</param>
    /// <param name="result">Receives the pixels, as many as <see cref="ShapeOf"/> says.</param>
    /// <returns>The place, one of <see cref="NuisancePlace.Names"/> by its index.</returns>
    internal abstract int Apply(
        ReadOnlySpan<float> image,
        ImageShape shape,
        IReadOnlyList<float[]> others,
        in RowStream random,
        Span<float> result
    );

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1 from a uniform number in (0, 1).</summary>
    private protected static int Choose(double uniform, int count) => (int)(uniform * count);
}
