using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Takes the colour out of images.</summary>
public sealed class ImageGrayscalingEstimator : TrivialEstimator<ImageGrayscalingTransformer>
{
    internal ImageGrayscalingEstimator(IHostEnvironment env, InputOutputColumnPair columns)
        : base(env.Register(nameof(ImageGrayscalingEstimator)), new ImageGrayscalingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(inputSchema.RequireImage(Transformer.Columns.InputColumnName).Renamed(
            Transformer.Columns.OutputColumnName));
    }
}

/// <inheritdoc cref="ImageGrayscalingEstimator"/>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ConvertToGrayscale";

    internal ImageGrayscalingTransformer(IHostEnvironment env, InputOutputColumnPair columns)
        : base(env.Register(nameof(ImageGrayscalingTransformer)), [columns])
    {
    }

    internal ImageGrayscalingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(ImageGrayscalingTransformer)), ctx)
    {
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetSignature(Signature, 1);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        public Mapper(ImageGrayscalingTransformer parent, DataViewSchema inputSchema) : base(parent, inputSchema) =>
            Sources[0].RequireImage();

        protected override DataViewSchema.DetachedColumn MakeOutputColumn(int output) =>
            new(Pairs[output].OutputColumnName, Sources[output].Type);

        protected override Delegate CreateGetter(DataViewRow input, int output, out Action disposer)
        {
            disposer = null;
            return ImageColumns.Map(input.GetGetter<MLImage>(input.Schema[Sources[output].Index]), ImageResampling.Gray);
        }
    }
}
