using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>Views of images whose bytes are a function of the row, and images as arrays of bytes.</summary>
static class Pictures
{
    /// <summary>Images of 4 x 5 pixels, opaque.</summary>
    public static IDataView View(MLContext ml, int count, MLPixelFormat format = MLPixelFormat.Bgra32) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Row { Number = row, Image = Make(row, 4, 5, format) }));

    /// <summary>The given images, of a type that says no size.</summary>
    public static IDataView AnySize(params MLImage?[] images) => new ImageView(images);

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

    /// <summary>ML.NET's own views of objects want a size of their images.</summary>
    sealed class ImageView(MLImage?[] images) : IDataView
    {
        public DataViewSchema Schema { get; } = Describe();

        public bool CanShuffle => false;

        public long? GetRowCount() => images.Length;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(images, Schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];

        static DataViewSchema Describe()
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Image", new ImageDataViewType());
            return builder.ToSchema();
        }

        sealed class Cursor(MLImage?[] images, DataViewSchema schema) : DataViewRowCursor
        {
            long _position = -1;

            public override DataViewSchema Schema => schema;

            public override long Position => _position;

            public override long Batch => 0;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)_position, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
                (ValueGetter<TValue>)(Delegate)(ValueGetter<MLImage>)((ref MLImage value) => value = images[_position]!);

            public override bool MoveNext() => ++_position < images.Length;
        }
    }

    public sealed class Row
    {
        public int Number { get; set; }

        [ImageType(4, 5)]
        public MLImage? Image { get; set; }
    }
}
