using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Data;

/// <summary>Labelled images of one size, addressed by row; the source that views of splits share.</summary>
/// <remarks>Safe for concurrent readers.</remarks>
abstract class ImageTable(ImageShape shape)
{
    public ImageShape Shape { get; } = shape;

    /// <summary>The class of a row.</summary>
    public abstract int ClassOf(int row);

    /// <summary>The row's identity as a text that is stable under splits and shuffles.</summary>
    public abstract ReadOnlyMemory<char> IdOf(int row);

    /// <summary>The row's pixels, planar (C x H x W), 0 to 255.</summary>
    public abstract ReadOnlySpan<byte> PixelsOf(int row);
}

/// <summary>
/// Decoded images, one behind the other in a block of memory. The identity of a row is the name of its split and its index.
/// </summary>
sealed class MemoryImageTable(string split, byte[] pixels, byte[] classes, ImageShape shape) : ImageTable(shape)
{
    const int DigitCount = 5;

    readonly (string Text, int Length) _ids = WriteIds(split, classes.Length);

    public override int ClassOf(int row) => classes[row];

    public override ReadOnlyMemory<char> IdOf(int row) => _ids.Text.AsMemory(row * _ids.Length, _ids.Length);

    public override ReadOnlySpan<byte> PixelsOf(int row) => pixels.AsSpan(row * Shape.Length, Shape.Length);

    // One string holds all identities, so that returning one allocates nothing.
    static (string Text, int Length) WriteIds(string split, int count)
    {
        var digits = Math.Max(DigitCount, $"{count - 1}".Length);
        return (
            string.Concat(Enumerable.Range(0, count).Select(row => $"{split}/{row.ToString($"D{digits}")}")),
            split.Length + 1 + digits
        );
    }
}
