using System;
using System.IO;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Turns images of one known size into vectors: (pixel - offset) * scale, as planes or pixel by pixel.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(IHostEnvironment env, InputOutputColumnPair columns, Options options)
        : base(env.Register(nameof(ImagePixelExtractingEstimator)), new ImagePixelExtractingTransformer(env, columns, options))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireImage(Transformer.Columns.InputColumnName);
        return inputSchema.With(new SchemaShape.Column(Transformer.Columns.OutputColumnName, SchemaShape.Column.VectorKind.Vector,
            Transformer.Choices.ItemType, isKey: false));
    }

    /// <summary>The colours that are taken.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 0x01,
        Red = 0x02,
        Green = 0x04,
        Blue = 0x08,
        Rgb = Red | Green | Blue,
        All = Alpha | Red | Green | Blue,
    }

    /// <summary>Their order.</summary>
    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    internal sealed record Options(ColorBits Colors, ColorsOrder Order, bool Interleaved, float Offset, float Scale, bool AsFloats)
    {
        public ColorChannels Channels { get; } = new(Colors, Order);

        public NumberDataViewType ItemType => AsFloats ? NumberDataViewType.Single : NumberDataViewType.Byte;

        public static Options Read(BinaryReader reader) =>
            new((ColorBits)reader.ReadByte(), (ColorsOrder)reader.ReadByte(), reader.ReadBoolean(),
            reader.ReadSingle(), reader.ReadSingle(), reader.ReadBoolean());

        public void Write(BinaryWriter writer)
        {
            writer.Write((byte)Colors);
            writer.Write((byte)Order);
            writer.Write(Interleaved);
            writer.Write(Offset);
            writer.Write(Scale);
            writer.Write(AsFloats);
        }
    }
}

/// <inheritdoc cref="ImagePixelExtractingEstimator"/>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ExtractPixels";

    internal ImagePixelExtractingTransformer(IHostEnvironment env, InputOutputColumnPair columns,
        ImagePixelExtractingEstimator.Options choices)
        : base(env.Register(nameof(ImagePixelExtractingTransformer)), [columns])
    {
        if (!float.IsFinite(choices.Offset))
            throw new ArgumentOutOfRangeException("offsetImage", "The offset must be finite.");
        if (!float.IsFinite(choices.Scale) || choices.Scale == 0)
            throw new ArgumentOutOfRangeException("scaleImage", "The scale must be finite and not 0.");
        Choices = choices;
    }

    internal ImagePixelExtractingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, ctx.ReadColumnPairs()[0], ImagePixelExtractingEstimator.Options.Read(ctx.Reader))
    {
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal ImagePixelExtractingEstimator.Options Choices { get; }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        Choices.Write(ctx.Writer);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImagePixelExtractingEstimator.Options _choices;
        private readonly ImageDataViewType _image;

        public Mapper(ImagePixelExtractingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _choices = parent.Choices;
            _image = Sources[0].RequireImage();
            if (_image.Height <= 0 || _image.Width <= 0)
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", Sources[0].Name, "known-size image", "unknown-size image");
        }

        private int Channels => _choices.Channels.Count;

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(Pairs[output].OutputColumnName, _choices.Interleaved
            ? new VectorDataViewType(_choices.ItemType, _image.Height, _image.Width, Channels)
            : new VectorDataViewType(_choices.ItemType, Channels, _image.Height, _image.Width));

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer) => _choices.AsFloats
            ? CreateGetter<float>(input, output, TableOf(value => (value - _choices.Offset) * _choices.Scale), out disposer)
            : CreateGetter<byte>(input, output, TableOf(value => value), out disposer);

        // There are only 256 values of a byte, so what becomes of each is computed beforehand.
        private static T[] TableOf<T>(Func<byte, T> map) => [.. Enumerable.Range(0, 256).Select(value => map((byte)value))];

        private ValueGetter<VBuffer<T>> CreateGetter<T>(DataViewRow input, int output, T[] table, out Action disposer)
        {
            var getImage = input.GetGetter<MLImage>(input.Schema[Sources[output].Index]);
            MLImage image = null;
            disposer = () =>
            {
                image?.Dispose();
                image = null;
            };
            var size = checked(Channels * _image.Height * _image.Width);
            return (ref VBuffer<T> destination) =>
            {
                getImage(ref image);
                if (image is null)
                {
                    destination = VBufferEditor.Create(ref destination, size, 0).Commit();
                    return;
                }
                if (image.Height != _image.Height || image.Width != _image.Width)
                    throw new InvalidOperationException(
                        $"Column '{Sources[output].Name}' has an image of {image.Height} x {image.Width} pixels, but its type says "
                            + $"{_image.Height} x {_image.Width}.");
                var editor = VBufferEditor.Create(ref destination, size);
                Extract(image, editor.Values, table);
                destination = editor.Commit();
            };
        }

        private void Extract<T>(MLImage image, Span<T> values, T[] table)
        {
            var pixels = image.Pixels;
            var bytes = _choices.Channels.BytesOf(image.PixelFormat);
            var count = pixels.Length / 4;
            var (start, step) = _choices.Interleaved ? (1, bytes.Length) : (count, 1);
            for (var channel = 0; channel < bytes.Length; channel++)
                for (int i = bytes[channel], to = channel * start; i < pixels.Length; i += 4, to += step)
                    values[to] = table[pixels[i]];
        }
    }
}
