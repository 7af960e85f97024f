using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Schemas in model files, with annotations. Columns of types that files do not know, such as images, are left out.</summary>
internal static class SchemaCodec
{
    private const int MaxCount = 1 << 24;

    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        var columns = schema.Where(column => !column.IsHidden && IsKnown(column)).ToList();
        writer.Write(columns.Count);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            DataViewTypeCodec.Write(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(IsKnown).ToList();
            writer.Write(annotations.Count);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                DataViewTypeCodec.Write(writer, annotation.Type);
                if (annotation.Type is VectorDataViewType vector)
                    GenericDispatch.Invoke(WriteVector<int>, vector.ItemType.RawType, writer, column.Annotations, annotation);
                else
                    GenericDispatch.Invoke(WriteScalar<int>, annotation.Type.RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var schema = new DataViewSchema.Builder();
        for (var columns = ReadCount(reader); columns > 0; columns--)
        {
            var name = reader.ReadString();
            var type = DataViewTypeCodec.Read(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var kinds = ReadCount(reader); kinds > 0; kinds--)
            {
                var kind = reader.ReadString();
                var kindType = DataViewTypeCodec.Read(reader);
                var getter = kindType is VectorDataViewType vector
                    ? GenericDispatch.Invoke(ReadVector<int>, vector.ItemType.RawType, reader)
                    : GenericDispatch.Invoke(ReadScalar<int>, kindType.RawType, reader);
                annotations.Add(kind, kindType, (Delegate)getter);
            }
            schema.AddColumn(name, type, annotations.ToAnnotations());
        }
        return schema.ToSchema();
    }

    private static bool IsKnown(DataViewSchema.Column column) => column.Type.IsCacheable() && DataViewTypeCodec.Knows(column.Type);

    private static int ReadCount(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        return count is >= 0 and <= MaxCount ? count
            : throw new FormatException("Corrupt model file: a count in its schema is out of range.");
    }

    private static void WriteScalar<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default;
        annotations.GetGetter<T>(kind)(ref value);
        PrimitiveCodec<T>.Write(writer, value);
    }

    private static void WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        VBuffer<T> values = default;
        annotations.GetGetter<VBuffer<T>>(kind)(ref values);
        writer.Write(values.Length);
        foreach (var value in values.DenseValues())
            PrimitiveCodec<T>.Write(writer, value);
    }

    private static ValueGetter<T> ReadScalar<T>(BinaryReader reader)
    {
        var value = PrimitiveCodec<T>.Read(reader);
        return (ref T destination) => destination = value;
    }

    private static ValueGetter<VBuffer<T>> ReadVector<T>(BinaryReader reader)
    {
        var values = new List<T>();
        for (var count = ReadCount(reader); count > 0; count--)
            values.Add(PrimitiveCodec<T>.Read(reader));
        var vector = new VBuffer<T>(values.Count, [.. values]);
        return (ref VBuffer<T> destination) => vector.CopyTo(ref destination);
    }
}
