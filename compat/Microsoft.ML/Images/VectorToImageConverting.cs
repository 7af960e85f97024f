using System;
using System.IO;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Turns vectors into images: value * scale - offset, rounded; colours that a vector does not hold are 0, alpha is 255.</summary>
public sealed class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    internal VectorToImageConvertingEstimator(IHostEnvironment env, InputOutputColumnPair columns, Options options)
        : base(env.Register(nameof(VectorToImageConvertingEstimator)), new VectorToImageConvertingTransformer(env, columns, options))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column = inputSchema.Require(Transformer.Columns.InputColumnName);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector)
            throw SchemaMismatch.WrongType(nameof(inputSchema), "input", column.Name, "known-size vector of type Single, Double or Byte",
                column.TypeName);
        CheckItemType(column.Name, column.ItemType);
        return inputSchema.With(new SchemaShape.Column(Transformer.Columns.OutputColumnName, Transformer.Choices.ImageType));
    }

    internal static void CheckItemType(string column, DataViewType itemType)
    {
        if (itemType != NumberDataViewType.Single && itemType != NumberDataViewType.Double && itemType != NumberDataViewType.Byte)
            throw SchemaMismatch.WrongType("inputSchema", "input", column, "known-size vector of type Single, Double or Byte",
                itemType.ToString());
    }

    internal sealed record Options(int Height, int Width, ImagePixelExtractingEstimator.ColorBits Colors,
        ImagePixelExtractingEstimator.ColorsOrder Order,
        bool Interleaved, float Scale, float Offset)
    {
        public ColorChannels Channels { get; } = new(Colors, Order);

        public ImageDataViewType ImageType { get; } = new(Height, Width);

        public static Options Read(BinaryReader reader) =>
            new(reader.ReadInt32(), reader.ReadInt32(), (ImagePixelExtractingEstimator.ColorBits)reader.ReadByte(),
            (ImagePixelExtractingEstimator.ColorsOrder)reader.ReadByte(), reader.ReadBoolean(), reader.ReadSingle(), reader.ReadSingle());

        public void Write(BinaryWriter writer)
        {
            writer.Write(Height);
            writer.Write(Width);
            writer.Write((byte)Colors);
            writer.Write((byte)Order);
            writer.Write(Interleaved);
            writer.Write(Scale);
            writer.Write(Offset);
        }
    }
}

/// <inheritdoc cref="VectorToImageConvertingEstimator"/>
public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ConvertToImage";

    internal VectorToImageConvertingTransformer(IHostEnvironment env, InputOutputColumnPair columns,
        VectorToImageConvertingEstimator.Options choices)
        : base(env.Register(nameof(VectorToImageConvertingTransformer)), [columns])
    {
        if (!float.IsFinite(choices.Offset))
            throw new ArgumentOutOfRangeException("offsetImage", "The offset must be finite.");
        if (!float.IsFinite(choices.Scale) || choices.Scale == 0)
            throw new ArgumentOutOfRangeException("scaleImage", "The scale must be finite and not 0.");
        Choices = choices;
    }

    internal VectorToImageConvertingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, ctx.ReadColumnPairs()[0], VectorToImageConvertingEstimator.Options.Read(ctx.Reader))
    {
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal VectorToImageConvertingEstimator.Options Choices { get; }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        Choices.Write(ctx.Writer);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly VectorToImageConvertingEstimator.Options _choices;
        private readonly bool _isScaled;

        public Mapper(VectorToImageConvertingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _choices = parent.Choices;
            if (Sources[0].Type is not VectorDataViewType vector)
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", Sources[0].Name, "image", Sources[0].Type.ToString());
            if (vector.Size != _choices.Height * _choices.Width * _choices.Channels.Count)
                throw SchemaMismatch.WrongType(nameof(inputSchema), "input", Sources[0].Name,
                    new VectorDataViewType(vector.ItemType, _choices.Height, _choices.Width, _choices.Channels.Count).ToString(),
                        vector.ToString());
            VectorToImageConvertingEstimator.CheckItemType(Sources[0].Name, vector.ItemType);
            // Bytes are colours already; only other numbers are scaled.
            _isScaled = vector.ItemType != NumberDataViewType.Byte && (_choices.Scale != 1 || _choices.Offset != 0);
        }

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(Pairs[output].OutputColumnName, _choices.ImageType);

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            var column = input.Schema[Sources[output].Index];
            var itemType = column.Type.ItemTypeOf();
            return itemType == NumberDataViewType.Byte ? CreateGetter<byte>(input, column)
                : itemType == NumberDataViewType.Single ? CreateGetter<float>(input, column)
                : CreateGetter<double>(input, column);
        }

        private ValueGetter<MLImage> CreateGetter<T>(DataViewRow input, DataViewSchema.Column column) where T : INumber<T>
        {
            var getVector = input.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            var values = new T[_choices.Height * _choices.Width * _choices.Channels.Count];
            return (ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getVector(ref vector);
                if (vector.GetValues().IsEmpty)
                    return;
                vector.CopyTo(values);
                destination = new MLImage(_choices.Width, _choices.Height, MLPixelFormat.Bgra32);
                destination.Tag = nameof(VectorToImageConvertingTransformer);
                Fill(destination.WritablePixels, values);
            };
        }

        private void Fill<T>(Span<byte> pixels, T[] values) where T : INumber<T>
        {
            var channels = _choices.Channels;
            Fill(pixels[0..], values, channels.Blue, ToByte(0));
            Fill(pixels[1..], values, channels.Green, ToByte(0));
            Fill(pixels[2..], values, channels.Red, ToByte(0));
            // As in the official package, alpha that is not in a scaled vector is 0.
            Fill(pixels[3..], values, channels.Alpha, _isScaled ? (byte)0 : (byte)255);
        }

        private void Fill<T>(Span<byte> pixels, T[] values, int channel, byte otherwise) where T : INumber<T>
        {
            var count = _choices.Height * _choices.Width;
            var (start, step) = _choices.Interleaved ? (1, _choices.Channels.Count) : (count, 1);
            for (var i = 0; i < count; i++)
                pixels[4 * i] = channel < 0 ? otherwise : ToByte(float.CreateTruncating(values[channel * start + i * step]));
        }

        private byte ToByte(float value) => (byte)(int)(_isScaled ? MathF.Round(value * _choices.Scale - _choices.Offset) : value);
    }
}
