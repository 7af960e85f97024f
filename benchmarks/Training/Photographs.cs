using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// Rows that are decoded from JPEG files whenever they are read, 224 x 224 in colour, by at most so many cursors at once.
/// </summary>
sealed class Photographs(string[] files, int count, int mostCursors) : IDataView
{
    public const int Size = 224,
        Channels = 3;

    const int BlockLength = 16;

    readonly string[] _files = files;

    public DataViewSchema Schema { get; } = Describe();

    public bool CanShuffle => false;

    public long? GetRowCount() => count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, 0, 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. Enumerable.Range(0, Math.Min(n, mostCursors)).Select(index => new Cursor(this, index, Math.Min(n, mostCursors)))];

    /// <summary>Writes pictures of waves with a little noise, which JPEG shrinks as it does photographs.</summary>
    public static string[] Write(string folder, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                {
                    var random = new Random(index);
                    var waves = Enumerable
                        .Range(0, 6)
                        .Select(_ => (Down: random.NextDouble() / 8, Right: random.NextDouble() / 8, Phase: random.NextDouble() * 6))
                        .ToArray();
                    var pixels = new byte[Size * Size * 4];
                    for (var pixel = 0; pixel < Size * Size; pixel++)
                    {
                        for (var channel = 0; channel < Channels; channel++)
                            pixels[pixel * 4 + channel] = (byte)(
                                128 + 40 * (Wave(waves[channel], pixel) + Wave(waves[channel + 3], pixel)) + random.Next(-12, 12)
                            );
                        pixels[pixel * 4 + 3] = 255;
                    }
                    using var image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels);
                    var path = Path.Combine(folder, $"{index}.jpg");
                    image.Save(path);
                    return path;
                }),
        ];

    static double Wave((double Down, double Right, double Phase) wave, int pixel) =>
        Math.Sin(wave.Down * (pixel / Size) + wave.Right * (pixel % Size) + wave.Phase);

    static DataViewSchema Describe()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Single, Channels, Size, Size));
        builder.AddColumn("Label", TextDataViewType.Instance);
        return builder.ToSchema();
    }

    /// <summary>Every count-th block of rows.</summary>
    sealed class Cursor(Photographs view, int index, int cursors) : DataViewRowCursor
    {
        long _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => index + _position / BlockLength * cursors;

        long Row => Batch * BlockLength + _position % BlockLength;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)
                (Delegate)(
                    column.Name == "Label"
                        ? (ValueGetter<ReadOnlyMemory<char>>)(
                            (ref ReadOnlyMemory<char> label) => label = (Row % 2 == 0 ? "even" : "odd").AsMemory()
                        )
                        : (ValueGetter<VBuffer<float>>)Decode
                );

        public override bool MoveNext()
        {
            _position++;
            return Row < view.GetRowCount();
        }

        void Decode(ref VBuffer<float> pixels)
        {
            using var image = MLImage.CreateFromFile(view._files[Row % view._files.Length]);
            var editor = VBufferEditor.Create(ref pixels, Channels * Size * Size);
            var source = image.Pixels;
            var step = image.BitsPerPixel / 8;
            for (var channel = 0; channel < Channels; channel++)
            {
                var place = image.PixelFormat == MLPixelFormat.Rgba32 ? channel : Channels - 1 - channel;
                for (var pixel = 0; pixel < Size * Size; pixel++)
                    editor.Values[channel * Size * Size + pixel] = source[pixel * step + place];
            }
            pixels = editor.Commit();
        }
    }
}
