using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>What an occluding square shows.</summary>
public enum OcclusionFill
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>Independent uniform values, 0 to 255.</summary>
    Noise,

    /// <summary>The same place of another image.</summary>
    OtherImage,
}

/// <summary>A square that covers a part of the image, anywhere within it with equal probability.</summary>
/// <param name="Size">The height and width of the square, in pixels.</param>
/// <param name="Fill">What the square shows.</param>
/// <param name="Value">The value of a constant square, 0 to 255.</param>
public sealed record OcclusionNuisance(
    [Range(1, 4096)] int Size,
    OcclusionFill Fill = OcclusionFill.Constant,
    [Range(0.0, 255.0)] double Value = 0
) : NuisanceDefinition
{
    /// <inheritdoc cref="OcclusionNuisance"/>
    public int Size { get; } =
        Size is >= 1 and <= 4096 ? Size : throw new ArgumentOutOfRangeException(nameof(Size), Size, "The size is 1 to 4096 pixels.");

    /// <inheritdoc cref="OcclusionNuisance"/>
    public OcclusionFill Fill { get; } = DefinedValue.Require(Fill, nameof(Fill));

    /// <inheritdoc cref="OcclusionNuisance"/>
    public double Value { get; } =
        Value is >= 0 and <= 255 ? Value : throw new ArgumentOutOfRangeException(nameof(Value), Value, "The value is 0 to 255.");

    /// <inheritdoc/>
    public override string Name => "occlusion";

    /// <inheritdoc/>
    public override bool TakesOtherImages => Fill is OcclusionFill.OtherImage;

    /// <inheritdoc/>
    public override ImageShape ShapeOf(ImageShape image) =>
        Size < Math.Min(image.Height, image.Width)
            ? image
            : throw new ArgumentException(
                $"A square of {Size} pixels covers all of an image of {image.Height} x {image.Width}; make it smaller."
            );

    internal override int Apply(
        ReadOnlySpan<float> image,
        ImageShape shape,
        IReadOnlyList<float[]> others,
        in RowStream random,
        Span<float> result
    )
    {
        var (vertical, horizontal) = random.Uniforms(0, 0);
        var (top, left) = (Choose(vertical, shape.Height - Size + 1), Choose(horizontal, shape.Width - Size + 1));
        var other = TakesOtherImages ? others[Choose(random.Uniforms(1, 0).First, others.Count)] : null;

        image.CopyTo(result);
        for (var channel = 0; channel < shape.Channels; channel++)
        for (var y = top; y < top + Size; y++)
        {
            var start = channel * shape.Area + y * shape.Width + left;
            var line = result.Slice(start, Size);
            if (other is not null)
                other.AsSpan(start, Size).CopyTo(line);
            else if (Fill is OcclusionFill.Constant)
                line.Fill((float)Value);
            else
                for (var x = 0; x < Size; x++)
                    line[x] = Choose(random.Uniforms((uint)(2 + start + x), 0).First, 256);
        }
        return NuisancePlace.Of(top, left, (Size, Size), shape.Height, shape.Width);
    }
}
