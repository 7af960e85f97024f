using Microsoft.ML.Data;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Resampling;
using NoisyNN.Transforms.Noise.Random;
using NoisyNN.Transforms.Nuisances;

namespace NoisyNN.Pipelines.Data;

/// <summary>An image source with a nuisance on every image. Classes and identities stay.</summary>
/// <param name="table">The source.</param>
/// <param name="nuisance">The nuisance, which fits its images.</param>
/// <param name="others">Images to take pixels from.</param>
/// <param name="seed">Decides the places, with the row.</param>
sealed class NuisanceTable(ImageTable table, NuisanceDefinition nuisance, IReadOnlyList<float[]> others, ulong seed)
    : ImageTable(nuisance.ShapeOf(table.Shape))
{
    public override int ClassOf(int row) => table.ClassOf(row);

    public override ReadOnlyMemory<char> IdOf(int row) => table.IdOf(row);

    public override ReadOnlySpan<byte> PixelsOf(int row)
    {
        var result = new float[Shape.Length];
        Apply(row, result);
        return Array.ConvertAll(result, value => (byte)MathF.Round(value));
    }

    /// <summary>The place of the nuisance in a row, one of <see cref="NuisancePlace.Names"/> by its index.</summary>
    public int PlaceOf(int row) => Apply(row, new float[Shape.Length]);

    /// <summary>Images of some rows that nuisances take pixels from.</summary>
    public static IReadOnlyList<float[]> Pool(ImageSplit split, ulong seed)
    {
        var pool = new ImagePool(seed);
        var image = new float[split.Table.Shape.Length];
        foreach (var row in split.Rows)
        {
            PixelConversion.Widen(split.Table.PixelsOf(row), image);
            pool.Add(Id(row), image);
        }
        return pool.Images;
    }

    int Apply(int row, Span<float> result)
    {
        var image = new float[table.Shape.Length];
        PixelConversion.Widen(table.PixelsOf(row), image);
        return nuisance.Apply(image, table.Shape, others, new RowStream(seed, Id(row)), result);
    }

    static DataViewRowId Id(int row) => new((ulong)row, 0);
}
