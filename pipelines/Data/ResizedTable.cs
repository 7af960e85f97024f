using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// An image source in another size: shrinking averages the covered area, growing interpolates. Classes and identities stay.
/// </summary>
/// <param name="table">The source.</param>
/// <param name="height">The new height in pixels.</param>
/// <param name="width">The new width in pixels.</param>
sealed class ResizedTable(ImageTable table, int height, int width) : ImageTable(table.Shape with { Height = height, Width = width })
{
    public override int ClassOf(int row) => table.ClassOf(row);

    public override ReadOnlyMemory<char> IdOf(int row) => table.IdOf(row);

    public override ReadOnlySpan<byte> PixelsOf(int row) =>
        ImageResampling.Resize(table.PixelsOf(row).ToArray(), table.Shape, Shape.Height, Shape.Width);
}
