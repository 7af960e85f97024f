using System;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>A row class bound to its columns: the definition, checked.</summary>
internal sealed class RowSchema
{
    private RowSchema(Bound[] columns)
    {
        Columns = columns;
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public Bound[] Columns { get; }

    public DataViewSchema Schema { get; }

    public static RowSchema Create(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction) =>
        new([.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column))]);

    /// <summary>The definition by which a row class is read as the given schema.</summary>
    public static SchemaDefinition DefinitionFor(Type rowType, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(rowType, SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var member = definition.FirstOrDefault(c => c.ColumnName == column.Name)
                ?? throw new InvalidOperationException($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            foreach (var annotation in column.Annotations.Schema)
                member.AddAnnotation(annotation.Name, annotation.Type, GetterOf(column.Annotations, annotation));
        }
        return definition;
    }

    private static Bound Bind(Type rowType, SchemaDefinition.Column column)
    {
        var member = RowMember.Named(rowType, column.MemberName);
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType ?? member.InferColumnType();
        var (itemType, isVector) = RowMember.ItemTypeOf(member.Type);
        if (isVector != type is VectorDataViewType)
            throw new ArgumentOutOfRangeException("userSchemaDefinition",
                $"Column '{name}' is supposed to be {(isVector ? "scalar" : "vector")}, but type of associated field "
                    + $"'{column.MemberName}' is {(isVector ? "vector" : "scalar")}");
        if (type.ItemTypeOf().RawType != itemType)
            throw new ArgumentOutOfRangeException("userSchemaDefinition",
                $"Column '{name}' is supposed to have item type {type.ItemTypeOf().RawType}, but associated field has type {itemType}");
        return new Bound(name, type, member, column.Annotations);
    }

    private static Delegate GetterOf(DataViewSchema.Annotations annotations, DataViewSchema.Column column) =>
        (Delegate)GenericDispatch.Invoke(annotations.GetGetter<int>, column.Type.RawType, column);

    /// <summary>A column and its member.</summary>
    internal sealed record Bound(string Name, DataViewType Type, RowMember Member, DataViewSchema.Annotations Annotations);
}
