using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise.Random;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>
/// Some images of a data set, from which nuisances take pixels. The row ids and the seed decide which, whatever the order of the rows.
/// </summary>
sealed class ImagePool(ulong seed)
{
    /// <summary>The most images that are kept.</summary>
    public const int Size = 256;

    readonly PriorityQueue<float[], (ulong, ulong)> _images = new();

    /// <summary>The images, in an order that the row ids decide.</summary>
    public IReadOnlyList<float[]> Images => [.. _images.UnorderedItems.OrderBy(image => image.Priority).Select(image => image.Element)];

    /// <summary>Adds an image, unless others come first.</summary>
    public void Add(DataViewRowId row, ReadOnlySpan<float> pixels)
    {
        var key = Key(row);
        if (_images.Count < Size)
            _images.Enqueue(pixels.ToArray(), key);
        // The queue gives up its smallest key, so those with the largest keys stay.
        else if (_images.TryPeek(out var smallest, out var least) && key.CompareTo(least) > 0)
        {
            pixels.CopyTo(smallest);
            _images.Dequeue();
            _images.Enqueue(smallest, key);
        }
    }

    (ulong, ulong) Key(DataViewRowId row)
    {
        var words = Philox4x32.Generate(
            new((uint)row.Low, (uint)(row.Low >> 32), (uint)row.High, (uint)(row.High >> 32)),
            (uint)seed,
            (uint)(seed >> 32)
        );
        return (words.Word0 | (ulong)words.Word1 << 32, words.Word2 | (ulong)words.Word3 << 32);
    }
}
