using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Gives all images one size. An image that has it is passed on as it is.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(IHostEnvironment env, InputOutputColumnPair columns, int width, int height, ResizingKind resizing,
        Anchor anchor)
        : base(env.Register(nameof(ImageResizingEstimator)), new ImageResizingTransformer(env, columns, width, height, resizing, anchor))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireImage(Transformer.Columns.InputColumnName);
        return inputSchema.With(new SchemaShape.Column(Transformer.Columns.OutputColumnName, Transformer.OutputType));
    }

    /// <summary>What becomes of another aspect ratio.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>Black bars.</summary>
        IsoPad = 0,

        /// <summary>Parts are cut off.</summary>
        IsoCrop = 1,

        /// <summary>The image is stretched.</summary>
        Fill = 2,
    }

    /// <summary>The side that stays when parts are cut off.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }
}

/// <inheritdoc cref="ImageResizingEstimator"/>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ResizeImages";
    private readonly int _width;
    private readonly int _height;
    private readonly ImageResizingEstimator.ResizingKind _resizing;
    private readonly ImageResizingEstimator.Anchor _anchor;

    internal ImageResizingTransformer(IHostEnvironment env, InputOutputColumnPair columns, int width, int height,
        ImageResizingEstimator.ResizingKind resizing, ImageResizingEstimator.Anchor anchor)
            : base(env.Register(nameof(ImageResizingTransformer)), [columns])
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, "imageWidth");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height, "imageHeight");
        if (!Enum.IsDefined(resizing))
            throw new ArgumentOutOfRangeException(nameof(resizing));
        if (!Enum.IsDefined(anchor))
            throw new ArgumentOutOfRangeException(nameof(anchor));
        _width = width;
        _height = height;
        _resizing = resizing;
        _anchor = anchor;
    }

    internal ImageResizingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, ctx.ReadColumnPairs()[0], ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32(),
            (ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte(), (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte())
    {
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal ImageDataViewType OutputType => new(_height, _width);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
        ctx.Writer.Write(_width);
        ctx.Writer.Write(_height);
        ctx.Writer.Write((byte)_resizing);
        ctx.Writer.Write((byte)_anchor);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private MLImage Resize(MLImage source) => source.Width == _width && source.Height == _height ? source : _resizing switch
    {
        ImageResizingEstimator.ResizingKind.IsoPad => ImageResampling.Pad(source, _width, _height),
        ImageResizingEstimator.ResizingKind.IsoCrop => ImageResampling.Crop(source, _width, _height, _anchor),
        _ => ImageResampling.Stretch(source, _width, _height),
    };

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ImageResizingTransformer _parent;

        public Mapper(ImageResizingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema)
        {
            _parent = parent;
            Sources[0].RequireImage();
        }

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(_parent.Columns.OutputColumnName, _parent.OutputType);

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            return ImageColumns.Map(input.GetGetter<MLImage>(input.Schema[Sources[output].Index]), _parent.Resize);
        }
    }
}
