using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What the image transforms ask of their input.</summary>
internal static class ImageColumns
{
    public static ImageDataViewType RequireImage(this DataViewSchema.Column column) => column.Type as ImageDataViewType
        ?? throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "image", column.Type.ToString());

    public static SchemaShape.Column RequireImage(this SchemaShape shape, string name)
    {
        var column = shape.Require(name);
        return column.ItemType is ImageDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column
            : throw SchemaMismatch.WrongType("inputSchema", "input", name, new ImageDataViewType().ToString(), column.TypeName);
    }

    /// <summary>A getter that makes each image from another and lets go of the one before.</summary>
    public static ValueGetter<MLImage> Map(ValueGetter<MLImage> getSource, Func<MLImage, MLImage> map)
    {
        MLImage source = null;
        return (ref MLImage destination) =>
        {
            destination?.Dispose();
            getSource(ref source);
            destination = source is null ? null : map(source);
            destination?.Tag = source.Tag;
        };
    }
}
