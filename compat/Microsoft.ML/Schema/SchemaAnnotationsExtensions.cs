using System;

namespace Microsoft.ML.Data;

/// <summary>Reading the usual annotations of a column.</summary>
public static class SchemaAnnotationsExtensions
{
    public static bool HasSlotNames(this DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { Size: > 0 } vector
            && column.HasVector(AnnotationKinds.SlotNames, vector.Size, TextDataViewType.Instance);

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(AnnotationKinds.SlotNames, ref slotNames);

    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null) =>
        column.Type.ItemTypeOf() is KeyDataViewType { Count: <= int.MaxValue } key
        && column.HasVector(AnnotationKinds.KeyValues, (int)key.Count, keyValueItemType ?? TextDataViewType.Instance);

    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues) =>
        column.Annotations.GetValue(AnnotationKinds.KeyValues, ref keyValues);

    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.IsNormalized)?.Type is not BooleanDataViewType)
            return false;
        var value = false;
        column.Annotations.GetValue(AnnotationKinds.IsNormalized, ref value);
        return value;
    }

    private static bool HasVector(this DataViewSchema.Column column, string kind, int size, PrimitiveDataViewType itemType) =>
        column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType vector && vector.Size == size
            && vector.ItemType.Equals(itemType);
}
