using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Tests.Columns;

/// <summary>Views of images whose bytes are a function of the row, and images as arrays of bytes.</summary>
internal static class Pictures
{
    /// <summary>Images of 4 x 5 pixels, opaque.</summary>
    public static IDataView View(MLContext ml, int count, MLPixelFormat format = MLPixelFormat.Bgra32) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Row { Number = row, Image = Make(row, 4, 5, format) }));

    /// <summary>Images of any size, as their type says.</summary>
    public static IDataView AnySize(MLContext ml, params MLImage?[] images)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Image"].ColumnType = new ImageDataViewType();
        return ml.Data.LoadFromEnumerable(images.Select((image, row) => new Row { Number = row, Image = image }), definition);
    }

    public static MLImage Make(int row, int height, int width, MLPixelFormat format = MLPixelFormat.Bgra32, byte alpha = 255)
    {
        var bytes = new byte[4 * height * width];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = i % 4 == 3 ? alpha : (byte)((37 * i + 11 * row) % (alpha + 1));
        return MLImage.CreateFromPixels(width, height, format, bytes);
    }

    /// <summary>Row by row, the bytes of each image; null for a missing one.</summary>
    public static byte[]?[] Read(IDataView view, string column = "Image")
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        return Read(cursor, column);
    }

    public static byte[]?[] Read(DataViewRowCursor cursor, string column = "Image")
    {
        var getter = cursor.GetGetter<MLImage>(cursor.Schema[column]);
        var images = new List<byte[]?>();
        MLImage? image = null;
        while (cursor.MoveNext())
        {
            getter(ref image!);
            images.Add(image?.Pixels.ToArray());
        }
        return [.. images];
    }

    public sealed class Row
    {
        public int Number { get; set; }

        [ImageType(4, 5)]
        public MLImage? Image { get; set; }
    }
}
