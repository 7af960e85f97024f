using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace NoisyNN.Transforms.Batching;

/// <summary>Extends schemas and schema shapes by appended columns.</summary>
public static class OutputSchema
{
    /// <summary>The schema with the columns appended. A column with an existing name hides the old one.</summary>
    public static DataViewSchema Append(DataViewSchema input, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns(columns);
        return builder.ToSchema();
    }

    /// <summary>The schema shape with the columns appended. A column with an existing name replaces the old one.</summary>
    /// <remarks>
    /// <c>SchemaShape.Column</c> has no public constructor, so ML.NET's own custom mapping makes each column. It describes its outputs
    /// through a schema definition: a name, any column type, any annotations. The mapping never runs.
    /// </remarks>
    /// <param name="context">The context whose catalog makes the mappings.</param>
    /// <param name="input">The shape to extend.</param>
    /// <param name="columns">Columns of primitive, vector or image types. Annotations keep their kinds and types.</param>
    public static SchemaShape Append(MLContext context, SchemaShape input, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Aggregate(input, (shape, column) => (SchemaShape)Call(nameof(Mint), RowType(column), context, shape, column)!);
    }

    static Type RowType(DataViewSchema.DetachedColumn column) =>
        column.Type switch
        {
            VectorDataViewType vector => typeof(OneColumn<>).MakeGenericType(vector.ItemType.RawType.MakeArrayType()),
            PrimitiveDataViewType primitive => typeof(OneColumn<>).MakeGenericType(primitive.RawType),
            ImageDataViewType => typeof(OneImage),
            _ => throw new NotSupportedException($"Column '{column.Name}' of type {column.Type} cannot be described in a schema shape."),
        };

    static SchemaShape Mint<TRow>(MLContext context, SchemaShape input, DataViewSchema.DetachedColumn column)
        where TRow : class, new()
    {
        var none = SchemaDefinition.Create(typeof(NoColumns), SchemaDefinition.Direction.Read);
        var one = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        var definition = one[nameof(OneColumn<>.Value)];
        definition.ColumnName = column.Name;
        definition.ColumnType = column.Type;
        foreach (var annotation in column.Annotations?.Schema ?? DataViewSchema.Annotations.Empty.Schema)
            Call(nameof(AddAnnotation), annotation.Type.RawType, definition, column.Annotations, annotation);
        return context
            .Transforms.CustomMapping<NoColumns, TRow>(
                (_, _) => { },
                contractName: null,
                inputSchemaDefinition: none,
                outputSchemaDefinition: one
            )
            .GetOutputSchema(input);
    }

    static void AddAnnotation<T>(
        SchemaDefinition.Column definition,
        DataViewSchema.Annotations annotations,
        DataViewSchema.Column annotation
    )
    {
        T value = default!;
        annotations.GetValue(annotation.Name, ref value);
        definition.AddAnnotation(annotation.Name, value, annotation.Type);
    }

    static object? Call(string method, Type argument, params object?[] arguments) =>
        typeof(OutputSchema)
            .GetMethod(method, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(argument)
            .Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null);

    sealed class NoColumns;

    sealed class OneColumn<T>
    {
        public T Value = default!;
    }

    sealed class OneImage
    {
        // The attribute marks the member as an image. The size comes from the column.
        [ImageType(1, 1)]
        public MLImage Value = null!;
    }
}
