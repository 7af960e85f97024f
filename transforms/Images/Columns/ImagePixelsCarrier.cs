using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>
/// Reads images with a chain of ML.NET's own transformers. ML.NET's model format can store these; other assemblies cannot add a loader to
/// it. A custom mapping is loaded only by its name, so a column beside the images carries the settings.
/// </summary>
static class ImagePixelsCarrier
{
    const string Prefix = "NoisyNN.Images.";
    const string AnchorName = Prefix + "Anchor",
        SettingsName = Prefix + "Settings",
        SourceName = Prefix + "Source",
        ImageName = Prefix + "Image";
    const string FromPathContract = Prefix + "FromPath",
        FromContentContract = Prefix + "FromContent";

    /// <param name="context">The context that makes the transformers.</param>
    /// <param name="options">The columns, the size and the decoder's options.</param>
    /// <param name="takesPaths">Whether the input column holds paths, not content.</param>
    public static TransformerChain<ITransformer> Create(MLContext context, ImagePixelsEstimator.Options options, bool takesPaths)
    {
        // No character of Base64 has a meaning in an expression.
        var settings = Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(ImagePixelsSettings.Of(options))));
        var columns = options.Channels == 1 ? ImagePixelExtractingEstimator.ColorBits.Red : ImagePixelExtractingEstimator.ColorBits.Rgb;
        IDataView rows = takesPaths
            ? context.Data.LoadFromEnumerable<PathRow>([], Definition<PathRow>(nameof(PathRow.Source), options.InputColumnName))
            : context.Data.LoadFromEnumerable<ContentRow>([], Definition<ContentRow>(nameof(ContentRow.Source), options.InputColumnName));
        var pipeline = new EstimatorChain<ITransformer>()
            .Append(context.Transforms.CustomMapping<Nothing, Anchor>(AnchorMapping.Map, AnchorName))
            .Append(context.Transforms.Expression(SettingsName, $"anchor => \"{settings}\"", AnchorName))
            .Append(context.Transforms.CopyColumns(SourceName, options.InputColumnName))
            .Append(
                takesPaths
                    ? (IEstimator<ITransformer>)context.Transforms.CustomMapping<PathRow, ImageRow>(new PathMapping().Map, FromPathContract)
                    : context.Transforms.CustomMapping<ContentRow, ImageRow>(new ContentMapping().Map, FromContentContract)
            )
            // The images already have this size. Now their column says so.
            .Append(context.Transforms.ResizeImages(ImageName, options.Width, options.Height))
            .Append(
                context.Transforms.ExtractPixels(
                    options.OutputColumnName,
                    ImageName,
                    columns,
                    interleavePixelColors: options.Decoder.Layout == PixelLayout.Interleaved,
                    outputAsFloatArray: !options.OutputAsBytes
                )
            )
            .Append(context.Transforms.DropColumns(AnchorName, SettingsName, SourceName, ImageName));
        return new TransformerChain<ITransformer>([.. pipeline.Fit(rows)]);
    }

    static SchemaDefinition Definition<TRow>(string member, string columnName)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        definition.RemoveAll(column => column.MemberName != member);
        definition[0].ColumnName = columnName;
        return definition;
    }

    internal sealed class Nothing;

    internal sealed class Anchor
    {
        [ColumnName(AnchorName)]
        public ReadOnlyMemory<char> Text { get; set; }
    }

    internal sealed class PathRow
    {
        [ColumnName(SourceName)]
        public ReadOnlyMemory<char> Source { get; set; }

        [ColumnName(SettingsName)]
        public ReadOnlyMemory<char> Settings { get; set; }
    }

    internal sealed class ContentRow
    {
        [ColumnName(SourceName)]
        public VBuffer<byte> Source { get; set; }

        [ColumnName(SettingsName)]
        public ReadOnlyMemory<char> Settings { get; set; }
    }

    internal sealed class ImageRow
    {
        // ML.NET needs a size here. ResizeImages sets the true one.
        [ColumnName(ImageName), ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    /// <summary>A column of empty texts, because an expression needs an input column.</summary>
    [CustomMappingFactoryAttribute(AnchorName)]
    internal sealed class AnchorMapping : CustomMappingFactory<Nothing, Anchor>
    {
        public static void Map(Nothing row, Anchor anchor) => anchor.Text = default;

        public override Action<Nothing, Anchor> GetMapping() => Map;
    }

    [CustomMappingFactoryAttribute(FromPathContract)]
    internal sealed class PathMapping : CustomMappingFactory<PathRow, ImageRow>
    {
        readonly ImagePixelsSettings.Reader _reader = new();

        public void Map(PathRow row, ImageRow result) =>
            result.Image = _reader.Read(
                row.Settings,
                (settings, decoder, pixels) => ImagePixelsMapper.Decode(decoder, settings.RootFolder, $"{row.Source}", pixels)
            );

        public override Action<PathRow, ImageRow> GetMapping() => Map;
    }

    [CustomMappingFactoryAttribute(FromContentContract)]
    internal sealed class ContentMapping : CustomMappingFactory<ContentRow, ImageRow>
    {
        readonly ImagePixelsSettings.Reader _reader = new();

        public void Map(ContentRow row, ImageRow result) =>
            result.Image = _reader.Read(
                row.Settings,
                (settings, decoder, pixels) => ImagePixelsMapper.Decode(decoder, row.Source, settings.InputColumnName, row: null, pixels)
            );

        public override Action<ContentRow, ImageRow> GetMapping() => Map;
    }
}
